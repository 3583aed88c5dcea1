import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createControlDoor } from './control-door.ts';
import { isScenarioName, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios.ts';
import { startSimulator } from './server.ts';
import { isOver } from './world.ts';
import { reasonOf } from '../../../domain/toolbox/result.ts';

/** Real ms between the scenario's end and the exit, so that clients still hear the last events. */
const LINGER_MS = 1_000;

interface CliOptions {
  scenario: ScenarioName;
  speed: number;
  port: number;
  seed: string | undefined;
  holdOpen: boolean;
  list: boolean;
}

/** @throws Error whose message is one line for the person */
function readOptions(args: string[]): CliOptions {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string', default: 'demo' },
      speed: { type: 'string', default: '1' },
      port: { type: 'string', default: '0' },
      seed: { type: 'string' },
      'hold-open': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const { scenario } = values;
  if (!isScenarioName(scenario)) {
    throw new Error(`--scenario: there is no "${scenario}"; there are ${SCENARIO_NAMES.join(', ')}`);
  }
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= 10_000))
    throw new Error(`--speed: "${values.speed}" is not a number above 0, up to 10000`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || values.port === '' || port < 0 || port > 65_535) {
    throw new Error(`--port: "${values.port}" is not a port from 0 (any free one) to 65535`);
  }
  return { scenario, speed, port, seed: values.seed, holdOpen: values['hold-open'], list: values.list };
}

async function main(): Promise<void> {
  let options: CliOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    const message = reasonOf(error);
    process.stderr.write(`simulator: ${message.split('\n')[0]}\n`);
    process.exitCode = 2;
    return;
  }
  if (options.list) {
    const width = Math.max(...SCENARIO_NAMES.map(({ length }) => length));
    for (const name of SCENARIO_NAMES) {
      process.stdout.write(`${name.padEnd(width)}  ${SCENARIOS[name].description}\n`);
    }
    return;
  }
  const log = (line: string): void => void process.stderr.write(`simulator: ${line}\n`);
  const { scenario, speed, port, seed, holdOpen } = options;
  const controlSecret = randomBytes(32).toString('base64url');
  const simulator = await startSimulator({
    scenario,
    speed,
    port,
    log,
    door: createControlDoor(controlSecret),
    ...(seed === undefined ? {} : { seed }),
  });
  const { apiUrl, loginUrl, accessToken, supervisorToken, userId, control } = simulator;
  const printed = { apiUrl, loginUrl, accessToken, userId, controlSecret, supervisorToken };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
  log(`"${scenario}" at speed ${speed}; it begins when the first client listens`);

  const stop = (): void => {
    log('closing');
    void simulator.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    await control.when(isOver);
  } catch {
    // Stopped before its end.
    return;
  }
  log(`the scenario is over${holdOpen ? '; held open' : ''}`);
  if (!holdOpen) setTimeout(stop, LINGER_MS).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${reasonOf(error)}\n`);
  process.exitCode = 1;
});
