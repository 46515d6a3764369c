import { leaseMs } from './lease.ts'
import type { Weather } from './run-storm.ts'

/** Kills each process about every second. */
export const kills: Weather = { calmMs: [50, 900], stopMs: null }

/** Stops each process for as long as it ran. */
export const stops: Weather = { calmMs: [20, 200], stopMs: [20, 200] }

/** Stops each process for longer than any lease. */
export const longStops: Weather = { calmMs: [200, 1500], stopMs: [leaseMs + 200, leaseMs + 700] }
