/** The sections of the settings window, in their order; also the names in links to them. */
export const settingsSections = [
  'account',
  'notifications',
  'sounds',
  'wrapUp',
  'shortcuts',
  'appearance',
  'language',
  'data',
  'archive',
  'kept',
  'about',
] as const;
export type SettingsSection = (typeof settingsSections)[number];
