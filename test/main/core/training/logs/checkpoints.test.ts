import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outputFolders, readCheckpoints } from '../../../../../src/main/core/training/logs/checkpoints.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-checkpoints-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function checkpoint(
  step: number,
  files = ['model.safetensors', 'trainer_state.json', 'global_step1/mp_rank_00.pt'],
  seconds = step,
): Promise<void> {
  const folder = join(root, `checkpoint-${step}`)
  await mkdir(join(folder, 'global_step1'), { recursive: true })
  for (const name of files) await writeFile(join(folder, name), 'x'.repeat(10))
  await utimes(folder, seconds, seconds)
}
const facts = (args: Record<string, string>) => ({
  trainingArgs: { save_strategy: 'SaveStrategy.STEPS', ...args },
})

describe('readCheckpoints', () => {
  it('lists checkpoints by number with what they hold, the gaps, and what the next save deletes', async () => {
    await checkpoint(2000)
    await checkpoint(10000)
    await checkpoint(6000, ['model.safetensors'])
    await mkdir(join(root, 'checkpoint-best'))
    const found = await readCheckpoints(root, {
      facts: facts({ save_steps: '2000', save_total_limit: '3' }),
      lastStep: 11234,
    })
    expect(
      found.checkpoints.map(({ step, canResume, willBeDeleted, isLatest, bytes }) => ({
        step,
        canResume,
        willBeDeleted,
        isLatest,
        bytes,
      })),
    ).toEqual([
      { step: 2000, canResume: true, willBeDeleted: true, isLatest: false, bytes: 30 },
      { step: 6000, canResume: false, willBeDeleted: false, isLatest: false, bytes: 10 },
      { step: 10000, canResume: true, willBeDeleted: false, isLatest: true, bytes: 30 },
    ])
    expect(found).toMatchObject({
      gaps: [4000, 8000],
      nextSaveStep: 12000,
      saveTotalLimit: 3,
      hasFinalModel: false,
    })
  })

  it('deletes by time of modification, as the trainer does, and keeps the best one', async () => {
    await checkpoint(1000, undefined, 5000)
    await checkpoint(2000, undefined, 1000)
    await checkpoint(3000, undefined, 9000)
    const doomed = async (more: object) =>
      (await readCheckpoints(root, { facts: facts({ save_total_limit: '2' }), ...more })).checkpoints
        .filter(({ willBeDeleted }) => willBeDeleted)
        .map(({ step }) => step)
    expect(await doomed({})).toEqual([1000, 2000])
    expect(await doomed({ bestCheckpoint: 'outputs/x/checkpoint-2000' })).toEqual([1000, 3000])
  })

  it('deletes nothing of a run that has ended as planned', async () => {
    const folder = join(root, 'ended')
    for (const step of [10, 20]) await mkdir(join(folder, `checkpoint-${step}`), { recursive: true })
    const facts = { trainingArgs: { save_steps: '10', save_total_limit: '1' } }
    expect(
      (await readCheckpoints(folder, { facts })).checkpoints.some(({ willBeDeleted }) => willBeDeleted),
    ).toBe(true)
    const ended = await readCheckpoints(folder, { facts, hasEnded: true })
    expect(ended.checkpoints.some(({ willBeDeleted }) => willBeDeleted)).toBe(false)
    expect(ended.nextSaveStep).toBeNull()
  })

  it('deletes nothing without a limit, and knows nothing about a folder that is not there', async () => {
    await checkpoint(1)
    expect(
      (await readCheckpoints(root, { facts: facts({ save_total_limit: 'None' }) })).checkpoints[0]!
        .willBeDeleted,
    ).toBe(false)
    expect(await readCheckpoints(join(root, 'gone'))).toMatchObject({
      checkpoints: [],
      gaps: [],
      nextSaveStep: null,
    })
  })

  it('finds the folders that a run was resumed or initialised into', async () => {
    for (const name of [
      'exp1',
      'exp10',
      'exp1_resume_from_checkpoint-46800',
      'exp1_initbase_exp0_checkpoint-5_initgen_x',
      'exp1_2',
    ])
      await mkdir(join(root, name))
    expect((await outputFolders(join(root, 'exp1'))).map((path) => path.slice(root.length + 1))).toEqual([
      'exp1',
      'exp1_initbase_exp0_checkpoint-5_initgen_x',
      'exp1_resume_from_checkpoint-46800',
    ])
  })
})
