// @ts-check
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { zonesPlugin } from './lint-zones.mjs';
import { ROOT } from './paths.mjs';

const PRODUCT = ['archive', 'domain', 'electron', 'renderer'].map((folder) => `${folder}/**/*.{ts,svelte}`);

/** A test waits for a state or an event; it neither sleeps nor leaves itself out. */
const TEST_MANNERS = [
  {
    selector: "CallExpression[callee.property.name='waitForTimeout']",
    message: 'Wait for a state or an event, not for time.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(skip|only|fixme|todo|skipIf|runIf)$/][callee.object.name=/^(test|it|describe|suite)$/]',
    message: 'A test runs everywhere and always, or does not exist.',
  },
];

const CLOCK_AND_DICE = 'Time and randomness come in by argument, so that a test can hand in its own.';

export default defineConfig(
  globalIgnores(['out/', 'archive/out/', 'dist/', 'test-results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: ROOT, extraFileExtensions: ['.svelte'] },
    },
    plugins: { zones: zonesPlugin },
    rules: {
      eqeqeq: 'error',
      'zones/imports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A default branch is for values newer than this program; it does not excuse a forgotten known one.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The compiler knows which names exist, types and globals included.
      'no-undef': 'off',
      // Clashes with `noPropertyAccessFromIndexSignature`, which is the compiler's and wins.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  { files: PRODUCT, rules: { 'no-console': 'error' } },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: CLOCK_AND_DICE },
        { object: 'Math', property: 'random', message: CLOCK_AND_DICE },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK_AND_DICE },
      ],
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...TEST_MANNERS] } },
  {
    // Plain scripts run before anything is installed: the compiler checks them (`checkJs`), the linter's
    // type-aware rules need annotations plain JavaScript cannot give.
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  prettier,
  svelte.configs.prettier,
);
