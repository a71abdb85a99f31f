import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { detectPythons } from '../../../../../src/main/core/training/processes/pythons.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parallax-pythons-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function python(path: string, says: string): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, `#!${process.execPath}\nconsole.log(${JSON.stringify(says)})\n`)
  await chmod(full, 0o755)
  return full
}

it('lists environments of the workspace first, then conda and the PATH, each once and with its version', async () => {
  const venv = await python('work/env311/bin/python', 'Python 3.11.2')
  await writeFile(join(root, 'work/env311/pyvenv.cfg'), '')
  const conda = await python('home/miniconda3/envs/unilip/bin/python', 'Python 3.10.9')
  const base = await python('home/miniconda3/bin/python', 'Python 3.12.0')
  await mkdir(join(root, 'home/miniconda3/conda-meta'))
  const system = await python('usr/bin/python3', 'Python 3.9.1')
  await symlink(system, join(root, 'usr/bin/python'))
  const broken = await python('opt/bin/python', 'hello')
  const found = await detectPythons(join(root, 'work'), {
    HOME: join(root, 'home'),
    PATH: `${join(root, 'usr/bin')}:${join(root, 'opt/bin')}`,
    CONDA_PREFIX: join(root, 'home/miniconda3/envs/unilip'),
    CONDA_DEFAULT_ENV: 'unilip',
  })
  const ours = found.filter(({ path }) => path.startsWith(root))
  expect(ours.map(({ path, kind, version, isActive }) => [path, kind, version, isActive])).toEqual([
    [venv, 'venv', '3.11.2', false],
    [conda, 'conda', '3.10.9', true],
    [base, 'conda', '3.12.0', false],
    [system, 'path', '3.9.1', false],
    [broken, 'path', null, false],
  ])
  expect(ours.at(-1)!.problem).toMatch(/does not answer like a Python/)
})
