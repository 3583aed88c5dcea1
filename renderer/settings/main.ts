import { say } from '../../domain/words/say.ts';
import { mountPage } from '../ui/mount-page.ts';
import SettingsPage from './SettingsPage.svelte';

mountPage('settings', say('settings.title'), SettingsPage);
