/** The whole contract: every operation of the studio, by name. */
import { benchmark } from './benchmark.ts'
import { compare } from './compare.ts'
import { evaluation } from './evaluation.ts'
import { experiments } from './experiments.ts'
import { images } from './images.ts'
import { jobs } from './jobs.ts'
import { models } from './models.ts'
import { runs } from './runs.ts'
import { system } from './system.ts'
import { training } from './training.ts'
import { videos } from './videos.ts'
import { workspaces } from './workspaces.ts'

export const contract = {
  ...benchmark,
  ...compare,
  ...evaluation,
  ...experiments,
  ...images,
  ...jobs,
  ...models,
  ...runs,
  ...system,
  ...training,
  ...videos,
  ...workspaces,
}
export type Contract = typeof contract
