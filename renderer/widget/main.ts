import { say } from '../../domain/words/say.ts';
import { mountPage } from '../ui/mount-page.ts';
import Widget from './Widget.svelte';

mountPage('widget', say('widget.title'), Widget);
