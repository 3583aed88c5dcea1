import { createHash } from 'node:crypto';
import type { WrapupCode } from './wire-types.ts';

/** Everything here is invented. The same in every run, so that a client may remember what it has seen. */

/** A UUID that belongs to a name: constant across runs and machines. */
export function fixedId(name: string): string {
  const hex = createHash('sha256').update(`simulator:${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const AGENT = {
  id: '3f6c1d52-7a0e-4b8f-9c41-d2e5a8b07f13',
  name: 'Robin Vale',
  email: 'robin.vale@northwind-demo.example',
} as const;

/** Has no conversations, and may look at those of the agent's division in an archive. */
export const SUPERVISOR = {
  id: 'b8e0a6d4-52c3-4f19-8d7e-61f0c9a2e35b',
  name: 'Noor Castell',
  email: 'noor.castell@northwind-demo.example',
} as const;
export type Person = typeof AGENT | typeof SUPERVISOR;
export const isPerson = (id: string): boolean => id === AGENT.id || id === SUPERVISOR.id;

export const ORGANIZATION = { id: fixedId('organization'), name: 'Northwind Demo' } as const;
export const DIVISION_ID = fixedId('division home');

export interface Queue {
  id: string;
  name: string;
  codes: WrapupCode[];
}

function queue(name: string, codes: readonly string[]): Queue {
  return {
    id: fixedId(`queue ${name}`),
    name,
    codes: codes.map((code) => {
      const id = fixedId(`code ${code}`);
      return { id, name: code, selfUri: `/api/v2/routing/wrapupcodes/${id}` };
    }),
  };
}

/** Of organisations with very many codes. The same in every run. */
const invented: WrapupCode[] = [];

/** The codes of a queue, and as many invented ones as there must be at least. */
export function codesOf(queueId: string, atLeast = 0): readonly WrapupCode[] {
  const codes = queueById(queueId)?.codes ?? [];
  for (let number = invented.length + 1; number <= atLeast - codes.length; number += 1) {
    const name = `Case ${String(number).padStart(4, '0')}, ${TOPICS[number % TOPICS.length] ?? ''}`;
    const id = fixedId(`code ${name}`);
    invented.push({ id, name, selfUri: `/api/v2/routing/wrapupcodes/${id}` });
  }
  return [...codes, ...invented.slice(0, Math.max(0, atLeast - codes.length))];
}
const TOPICS = ['billing', 'delivery', 'contract', 'device', 'network', 'complaint', 'callback'] as const;

export const QUEUES: readonly Queue[] = [
  queue('Billing help', [
    'Invoice explained',
    'Payment plan agreed',
    'Refund requested',
    'Card details updated',
    'Tariff changed',
    'Complaint',
    'Callback promised',
    'No answer from customer',
  ]),
  queue('Online banking', [
    'Login restored',
    'Transfer explained',
    'App installed with customer',
    'Security key renewed',
    'Possible fraud reported',
    'Passed to branch',
    'Complaint',
    'Callback promised',
  ]),
  queue('Home internet', [
    'Router set up',
    'Wi-Fi improved',
    'Line fault found',
    'Technician booked',
    'Speed within contract',
    'Customer restarts later',
    'Callback promised',
  ]),
  queue('Insurance claims', [
    'Claim opened',
    'Documents uploaded together',
    'Claim status given',
    'Estimate explained',
    'Missing documents',
    'Passed to assessor',
    'Complaint',
    'Callback promised',
  ]),
];

/** Queues of a test's own: nobody gets one by chance. */
const added: Queue[] = [];

export function addQueue(name: string, codes: readonly string[]): void {
  added.push(queue(name, codes));
}

export const CUSTOMERS: readonly string[] = [
  'Ada Quillfeather',
  'Jonas Petergarn',
  'Mirela Stoicova',
  'Tomás Abrilero',
  'Hanneke Duinwijk',
  'Oluwaseun Akintoba',
  'Priya Namburiwal',
  'Lars Fjellbakken',
  'Greta Lindenhain',
  'Yuki Morishiro',
  'Samir Belkacimi',
  'Eilidh MacTavin',
  'Chiara Montebruno',
  'Pavel Hrnčárek',
  'Noor van Elsloo',
  'Marisol Ventura-Paz',
];

/** The word the system writes when a timed after-call work ends without a code. */
export const TIMEOUT_CODE = 'ININ-WRAP-UP-TIMEOUT';

/** The same for one that was skipped. */
export const SKIPPED_CODE = 'ININ-WRAP-UP-SKIPPED';

export function queueById(id: string): Queue | undefined {
  return [...QUEUES, ...added].find((queue) => queue.id === id);
}

export function queueByName(name: string): Queue | undefined {
  return [...QUEUES, ...added].find((queue) => queue.name === name);
}

/** The display name of a code id; a system word is its own name. */
export function codeName(code: string): string {
  for (const { codes } of [...QUEUES, ...added]) {
    const found = codes.find(({ id }) => id === code);
    if (found) return found.name;
  }
  return invented.find(({ id }) => id === code)?.name ?? code;
}

/** The statuses of the organisation: those of the system, and one of its own. */
export const STATUSES = (
  [
    ['On Queue', 'On Queue'],
    ['Available', 'Available'],
    ['Break', 'Break'],
    ['Lunch', 'Meal'],
    ['Team meeting', 'Meeting'],
    ['Offline', 'Offline'],
  ] as const
).map(([name, systemPresence]) => ({
  id: fixedId(`status ${name}`),
  type: systemPresence === name ? 'System' : 'User',
  languageLabels: { en_US: name },
  systemPresence,
  deactivated: false,
}));

/** What the agent's role has, unless the world withholds it; in the order the service lists them. */
const ROLE: readonly string[] = [
  'acdscreenshare:session:view',
  'conversation:communication:disconnect',
  'conversation:communication:view',
  'conversation:participant:wrapup',
  'conversation:settings:view',
  'presence:presenceDefinition:view',
  'routing:queue:view',
];

export function permissionsWithout(withheld: readonly string[], person: Person = AGENT): string[] {
  const role = person === SUPERVISOR ? [...ROLE, 'analytics:conversationDetail:view'] : ROLE;
  return role.filter((permission) => !withheld.includes(permission));
}
