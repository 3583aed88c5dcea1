import { expect, test } from 'vitest';
import { createRedactor } from '../../../electron/feed/genesys/http.ts';

test('secrets are hidden wherever they turn up, and only the latest are remembered', () => {
  const redactor = createRedactor();
  for (let count = 0; count < 20; count += 1) redactor.hide(`secret-${String(count).padStart(2, '0')}`);
  redactor.hide('a');
  expect(redactor.redact('a secret-19 and secret-19/x, secret-00')).toBe('a … and …/x, secret-00');
});
