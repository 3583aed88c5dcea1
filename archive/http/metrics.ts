import type { Pool } from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { outcomes, type RecordResult } from '../../domain/archive/wire.ts';

/** Numbers for a monitoring system: of calls and outcomes, of nobody. */
export interface Metrics {
  readonly answered: (method: string, route: string, status: number, ms: number) => void;
  readonly kept: (results: readonly RecordResult[]) => void;
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

export function createMetrics(pool: Pool): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const calls = new Histogram({
    name: 'archive_call_seconds',
    help: 'Calls by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [register],
  });
  const records = new Counter({
    name: 'archive_records_total',
    help: 'Records sent, by outcome.',
    labelNames: ['outcome'],
    registers: [register],
  });
  for (const outcome of outcomes) records.inc({ outcome }, 0);
  new Gauge({
    name: 'archive_database_connections',
    help: 'Connections to the database, by what they do.',
    labelNames: ['state'],
    registers: [register],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'awaited' }, pool.waitingCount);
    },
  });
  return {
    answered: (method, route, status, ms) => {
      calls.observe({ method, route, status }, ms / 1_000);
    },
    kept: (results) => {
      for (const { outcome } of results) records.inc({ outcome });
    },
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}
