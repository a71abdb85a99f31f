import type { Db } from '../database.ts'
import { foundation } from './0001-foundation.ts'
import { clips } from './0002-clips.ts'
import { experiments } from './0003-experiments.ts'
import { training } from './0004-training.ts'
import { compare } from './0005-compare.ts'

/** One step of the schema. Steps are never edited after a release; a change is a new step. */
export type Migration = { version: number; name: string; up(db: Db): void }

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [foundation, clips, experiments, training, compare]
