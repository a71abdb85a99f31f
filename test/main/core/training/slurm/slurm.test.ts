import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseSacct, parseSqueue } from '../../../../../src/main/core/training/slurm/jobStates.ts'
import {
  fillLogPath,
  logFolders,
  logPathsOf,
  sbatchOptions,
} from '../../../../../src/main/core/training/slurm/logPaths.ts'
import { createSlurm } from '../../../../../src/main/core/training/slurm/slurm.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-slurm-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(root, name), `#!${process.execPath}\n${script}`)
  await chmod(join(root, name), 0o755)
}
const script =
  '#!/bin/bash\n#SBATCH --job-name=exp5 # name\n#SBATCH -o fst_logs/%j.out\n#SBATCH --error=fst_logs/%j.err\n\ntorchrun train.py\n#SBATCH --output=ignored\n'

describe('Slurm', () => {
  it('submits a script with arguments as they are and answers with the job and its logs', async () => {
    await program(
      'sbatch',
      `require('fs').writeFileSync(${JSON.stringify(join(root, 'seen'))}, JSON.stringify([process.argv.slice(2), process.cwd()])); console.log('site plugin says hello'); console.log('4711;fst')`,
    )
    const submitted = await createSlurm({ folder: root }).submit({
      script: 'a b;$(x).sh',
      text: script,
      cwd: root,
    })
    expect(submitted).toEqual({
      jobId: '4711',
      cluster: 'fst',
      stdoutPath: join(root, 'fst_logs/4711.out'),
      stderrPath: join(root, 'fst_logs/4711.err'),
    })
    expect(JSON.parse(await readFile(join(root, 'seen'), 'utf8'))).toEqual([
      ['--parsable', `--chdir=${root}`, join(root, 'a b;$(x).sh')],
      root,
    ])
  })

  it('passes on what sbatch complains about', async () => {
    await program(
      'sbatch',
      `console.error('sbatch: error: invalid partition specified: nope'); process.exit(1)`,
    )
    await expect(
      createSlurm({ folder: root }).submit({ script: 'x.sh', text: script, cwd: root }),
    ).rejects.toThrow(/invalid partition/)
  })

  it('follows jobs in the queue and, when they left it, in the accounting', async () => {
    await program(
      'squeue',
      `console.log('12_1|RUNNING|1:02|node7|None|14|exp|5\\n12_[2-3]|PENDING|0:00||Resources|12|exp|5')`,
    )
    await program(
      'sacct',
      `console.log('12_0|FAILED|2:0|00:10:00|node7|13|exp|None\\n12_0.batch|OUT_OF_MEMORY|0:125|00:10:00|node7|13.batch|batch|None\\n12_1|RUNNING|0:0|00:01:02|node7|14|exp|None')`,
    )
    const jobs = await createSlurm({ folder: root }).jobs(['12'])
    expect(jobs).toMatchObject([
      { jobId: '12_1', state: 'RUNNING', isOver: false, node: 'node7', name: 'exp|5', exitCode: null },
      { jobId: '12_[2-3]', state: 'PENDING', reason: 'Resources' },
      { jobId: '12_0', state: 'OUT_OF_MEMORY', isOver: true, exitCode: 2 },
    ])
  })

  it('works without accounting, and with jobs too old for squeue', async () => {
    await program(
      'squeue',
      `console.error('slurm_load_jobs error: Invalid job id specified'); process.exit(1)`,
    )
    await program('sacct', `console.log('9|CANCELLED by 1000|0:15|00:00:03|node1|9|x|None')`)
    expect(await createSlurm({ folder: root }).jobs(['9'])).toMatchObject([
      { jobId: '9', state: 'CANCELLED', isOver: true, exitCode: 0, signal: 15 },
    ])
    await rm(join(root, 'sacct'))
    expect(await createSlurm({ folder: root }).jobs(['9'])).toEqual([])
    await program(
      'squeue',
      `console.error('slurm_load_jobs error: Unable to contact slurm controller'); process.exit(1)`,
    )
    await expect(createSlurm({ folder: root }).jobs(['9'])).rejects.toThrow(/Unable to contact/)
  })

  it('cancels a task of an array and refuses what is no job number', async () => {
    await program(
      'scancel',
      `require('fs').writeFileSync(${JSON.stringify(join(root, 'seen'))}, process.argv.slice(2).join(' '))`,
    )
    await createSlurm({ folder: root }).cancel('12_3')
    expect(await readFile(join(root, 'seen'), 'utf8')).toBe('12_3')
    await expect(createSlurm({ folder: root }).cancel('--user=me')).rejects.toMatchObject({ code: 'usage' })
  })

  it('says so where it is not installed', async () => {
    expect(await createSlurm({ folder: root }).available()).toMatchObject({
      available: false,
      reason: expect.stringContaining('not installed') as string,
    })
  })
})

describe('log paths', () => {
  const job = { jobId: '12_3', cwd: '/w', script: '/w/run.sh', name: 'exp5' }
  it.each([
    ['%x-%A_%a.out', '/w/exp5-12_3.out'],
    ['%4A-%3a', '/w/0012-003'],
    ['/abs/%%j', '/abs/%j'],
    ['%N/%q', '/w/%N/%q'],
    ['a\\%j', '/w/a%j'],
  ])('fills in %s', (pattern, expected) => expect(fillLogPath(pattern, job)).toBe(expected))

  it('knows the defaults of sbatch', () => {
    expect(logPathsOf('#!/bin/sh\n', { jobId: '7', cwd: '/w', script: '/w/run.sh' })).toEqual({
      stdoutPath: '/w/slurm-7.out',
      stderrPath: '/w/slurm-7.out',
    })
    expect(
      logPathsOf('#!/bin/sh\n#SBATCH --array=0-3\n', { jobId: '7', cwd: '/w', script: '/w/run.sh' })
        .stdoutPath,
    ).toBe('/w/slurm-7_%a.out')
  })

  it('reads options up to the first command', () => {
    expect(Object.fromEntries(sbatchOptions(script))).toEqual({
      'job-name': 'exp5',
      output: 'fst_logs/%j.out',
      error: 'fst_logs/%j.err',
    })
    expect(logFolders(script, '/w')).toEqual(['/w/fst_logs'])
  })
})

describe('states', () => {
  it('skips lines that are no jobs', () => {
    expect(parseSqueue('\nJOBID|STATE\nwarning\n')).toEqual([])
    expect(
      parseSacct(
        '\nsacct: error\n1|COMPLETED|0:0|00:00:01|n|name|None\n1.extern|COMPLETED|0:0|00:00:01|n|extern|None\n',
      ),
    ).toMatchObject([{ jobId: '1', state: 'COMPLETED', exitCode: 0 }])
  })
})
