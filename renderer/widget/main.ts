import { mountPage } from '../ui/mount-page.ts';
import Widget from './Widget.svelte';

mountPage('widget', 'widget.title', Widget);
