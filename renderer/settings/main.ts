import { mountPage } from '../ui/mount-page.ts';
import SettingsPage from './SettingsPage.svelte';

mountPage('settings', 'settings.title', SettingsPage);
