import { mountPage } from '../ui/mount-page.ts';
import ReviewPage from './ReviewPage.svelte';

mountPage('review', 'review.title', ReviewPage);
