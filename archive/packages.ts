/** What tests and benchmarks need of the archive's packages: they lie outside its folder, and cannot find them. */
export { default as pg } from 'pg';
export { default as pino } from 'pino';
export type { FastifyInstance } from 'fastify';
