import { say } from '../../domain/words/say.ts';
import { mountPage } from '../ui/mount-page.ts';
import ReviewPage from './ReviewPage.svelte';

mountPage('review', say('review.title'), ReviewPage);
