import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/main/core/store/database.ts'
import { createSlurm } from '../../src/main/core/training/slurm/slurm.ts'
import { createSlurmJobs } from '../../src/main/core/training/slurm/slurmJobs.ts'
import { submissionsRepository } from '../../src/main/core/training/slurm/submissions.repository.ts'
import { formFromCommand } from '../../src/shared/domain/launch/launchForm.ts'
import { slurmSecrets } from '../../src/shared/domain/launch/slurmCommand.ts'
import { slurmScript } from '../../src/shared/domain/launch/slurmScript.ts'
import type { SlurmJob } from '../../src/shared/contract/training.ts'

/** Whether a Slurm controller answers here; `setup.sh` beside this file sets one up. */
function hasSlurm(): boolean {
  try {
    return (
      execFileSync('sinfo', ['--noheader', '--format=%T'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      }).length > 0
    )
  } catch {
    return false
  }
}

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-real-slurm-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe.skipIf(!hasSlurm())('a real Slurm (set up with test/slurm/setup.sh)', () => {
  const slurm = createSlurm()

  async function submit(header: string, body: string) {
    const text = `#!/bin/bash\n${header}\n${body}\n`
    await writeFile(join(root, 'run.sh'), text)
    return slurm.submit({ script: 'run.sh', text, cwd: root })
  }

  async function until(jobId: string, isDone: (jobs: SlurmJob[]) => boolean): Promise<SlurmJob[]> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const jobs = await slurm.jobs([jobId])
      if (isDone(jobs)) return jobs
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`Job ${jobId} did not get there.`)
  }

  it('runs a script, follows it to its end and finds its output', async () => {
    expect(await slurm.available()).toMatchObject({ available: true })
    const { jobId, stdoutPath, stderrPath } = await submit(
      '#SBATCH --output=%x-%j.out\n#SBATCH --error=%j.err\n#SBATCH -J exp5',
      'echo "$PWD"; echo oops >&2',
    )
    expect(stdoutPath).toBe(join(root, `exp5-${jobId}.out`))
    const [job] = await until(jobId, (jobs) => jobs[0]?.isOver === true)
    expect(job).toMatchObject({ jobId, state: 'COMPLETED', name: 'exp5' })
    expect((await readFile(stdoutPath, 'utf8')).trim()).toBe(root)
    expect(await readFile(stderrPath, 'utf8')).toBe('oops\n')
  })

  it('tells a failure', async () => {
    const { jobId } = await submit('', 'exit 3')
    expect(await until(jobId, (jobs) => jobs[0]?.isOver === true)).toMatchObject([
      { state: 'FAILED', reason: 'NonZeroExitCode' },
    ])
  })

  it('runs the tasks of an array and cancels one of them', async () => {
    const { jobId, stdoutPath } = await submit(
      '#SBATCH --array=0-1\n#SBATCH --output=%A_%a.out',
      'echo task $SLURM_ARRAY_TASK_ID; if [ $SLURM_ARRAY_TASK_ID = 1 ]; then sleep 300; fi',
    )
    expect(stdoutPath).toBe(join(root, `${jobId}_%a.out`))
    await until(jobId, (jobs) => jobs.some((job) => job.jobId === `${jobId}_1` && job.state === 'RUNNING'))
    await slurm.cancel(`${jobId}_1`)
    const jobs = await until(jobId, (all) => all.length === 2 && all.every(({ isOver }) => isOver))
    expect(jobs.map(({ jobId: id, state }) => [id, state]).toSorted()).toEqual([
      [`${jobId}_0`, 'COMPLETED'],
      [`${jobId}_1`, 'CANCELLED'],
    ])
    expect(await readFile(join(root, `${jobId}_0.out`), 'utf8')).toBe('task 0\n')
  })

  it('spreads a command over an array, keeps secrets out of the script, and follows each task', async () => {
    await writeFile(
      join(root, 'train.py'),
      'import os, sys, time\nprint(sys.argv[1:], os.environ["WANDB_API_KEY"], flush=True)\ntime.sleep(1)\nprint("done")\n',
    )
    const form = formFromCommand({
      env: { WANDB_API_KEY: 'k-123' },
      argv: ['python3', 'train.py', '--learning_rate', '1e-4', '--output_dir', 'out'],
    })
    const array = { flag: '--learning_rate', values: ['1e-4', '3e-4'] }
    const text = slurmScript(form, { jobName: 'sweep', gpus: 0, cpusPerTask: 1, memory: '200M', array })
    expect(text).not.toContain('k-123')
    await writeFile(join(root, 'sweep.sh'), text)
    await mkdir(join(root, 'slurm_logs'))
    const repository = submissionsRepository(openDatabase(':memory:'))
    const jobs = createSlurmJobs({ slurm, repository })
    const request = { workspace: root, script: 'sweep.sh', text, cwd: root, env: slurmSecrets(form) }
    const { jobId, isArray, name } = await jobs.submit(request)
    expect([isArray, name]).toEqual([true, 'sweep'])

    const printed = await Promise.all(
      [0, 1].map(async (task) => {
        let all = ''
        const which = { stream: 'stdout', follow: true } as const
        for await (const { text: piece } of jobs.tail(`${jobId}_${task}`, which, AbortSignal.timeout(60_000)))
          all += piece
        return all.split('\n').filter((line) => !line.startsWith('CUDA'))
      }),
    )
    for (const [task, rate] of array.values.entries())
      expect(printed[task]).toEqual([
        `['--learning_rate', '${rate}', '--output_dir', 'out_${rate}'] k-123`,
        'done',
        '',
      ])
    // Another engine on the same database knows how it ended.
    const { jobs: listed } = await createSlurmJobs({ slurm, repository }).list(root)
    expect(listed.map((one) => [one.jobId, one.isOver, one.tasks.map(({ state }) => state)])).toEqual([
      [jobId, true, ['COMPLETED', 'COMPLETED']],
    ])
    expect(jobs.forget(jobId)).toBe(true)
  })
})
