import { foundation } from './0001-foundation.ts'
import { clips } from './0002-clips.ts'
import { experiments } from './0003-experiments.ts'
import { training } from './0004-training.ts'
import { compare } from './0005-compare.ts'
import { slurm } from './0006-slurm.ts'
import type { Migration } from './migration.ts'

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [foundation, clips, experiments, training, compare, slurm]
