import type { LanguageId } from '../../domain/words/say.ts';

/** The locale the system shows times in, as BCP 47; null where it has none (`C`, `POSIX`, nothing set). */
function localeOfTimes(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, system: string): string | null {
  if (platform === 'win32' || platform === 'darwin') return system || null;
  const set = [env['LC_ALL'], env['LC_TIME'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  const [name = ''] = (set ?? '').split(/[.@]/);
  return name === '' || name === 'C' || name === 'POSIX' ? null : name.replaceAll('_', '-');
}

/** Null for what is no locale. */
function known(locale: string): Intl.Locale | null {
  try {
    return new Intl.Locale(locale);
  } catch {
    return null;
  }
}

/** Whether a date begins with its month. */
function isMonthFirst(locale: string, options: Intl.DateTimeFormatOptions): boolean {
  const [first] = new Intl.DateTimeFormat(locale, options).formatToParts(0);
  return first?.type === 'month';
}

/**
 * Times and dates as the system writes them, with the words of this program: `en-DE-u-hc-h23` says 23 Nov 2026, 14:18,
 * `en-US-u-hc-h12` says Nov 23, 2026, 2:18 PM.
 * @param system what Electron calls the system's locale, for systems that have one for times
 * @param language of the words, and what times are in where the system says nothing about them
 */
export function timeLocale(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  system: string,
  language: LanguageId,
): string {
  const name = localeOfTimes(platform, env, system);
  const locale = name === null ? null : known(name);
  if (!locale) return language;
  const { hourCycle } = new Intl.DateTimeFormat(locale.toString(), { hour: 'numeric' }).resolvedOptions();
  const region = locale.region ?? locale.maximize().region;
  const ours = `${language}-${region ?? 'US'}`;
  // A country the language has no rules for gets the month in front, which is right for few of them.
  const words = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const isOurs = isMonthFirst(ours, words) === isMonthFirst(locale.toString(), { dateStyle: 'short' });
  return `${isOurs ? ours : `${language}-001`}-u-hc-${hourCycle ?? 'h23'}`;
}
