/** The languages there are words for (`assets/locales/<id>.json`), each by its own name. */
export const languages = { en: 'English' } as const;
export type LanguageId = keyof typeof languages;
export const languageIds = Object.keys(languages) as [LanguageId, ...LanguageId[]];
