/** Finds Python interpreters: virtual environments of the workspace, conda environments, and those on the PATH. */
import { access, constants, readdir, readFile, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { runProcess } from '../../processes/runProcess.ts'
import type { Python } from '../../../../shared/contract/training.ts'
import { AppError } from '../../../../shared/errors.ts'

type Candidate = { path: string; kind: Python['kind']; name: string }
type Environment = Readonly<Record<string, string | undefined>>

const isWindows = process.platform === 'win32'
const versionTimeoutMs = 5000
const condaHomes = ['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda']

/**
 * Lists the interpreters a script of this workspace could run with, the best guess first: environments in the
 * workspace, the active environment, conda environments, the PATH. Each is asked for its version once.
 */
export async function detectPythons(
  workspace: string,
  environment: Environment = process.env,
): Promise<Python[]> {
  const candidates = [
    ...(await workspaceEnvironments(workspace)),
    ...activeEnvironments(environment),
    ...(await condaEnvironments(environment)),
    ...pathPythons(environment),
  ]
  const seen = new Set<string>()
  const found: Candidate[] = []
  for (const candidate of candidates) {
    if (!(await isFile(candidate.path))) continue
    // Environments link to the same program; only what differs by folder or by program is another Python.
    const key = candidate.kind === 'path' ? await realpath(candidate.path) : candidate.path
    if (seen.has(key)) continue
    seen.add(key)
    found.push(candidate)
  }
  const active = new Set(activeEnvironments(environment).map(({ path }) => path))
  return Promise.all(
    found.map(async (candidate) => ({
      ...candidate,
      ...(await versionOf(candidate.path)),
      isActive: active.has(candidate.path),
    })),
  )
}

/** The folder that belongs on PATH, and the variables an activated environment sets. */
export function activation(python: Pick<Python, 'path' | 'kind'>): {
  folder: string
  variables: Record<string, string>
} {
  const folder = dirname(python.path)
  const root = isWindows && python.kind === 'conda' ? folder : dirname(folder)
  if (python.kind === 'venv') return { folder, variables: { VIRTUAL_ENV: root } }
  if (python.kind === 'conda')
    return { folder, variables: { CONDA_PREFIX: root, CONDA_DEFAULT_ENV: basename(root) } }
  return { folder, variables: {} }
}

/** What kind of interpreter a path is, for one that was chosen by hand. */
export async function kindOfPython(path: string): Promise<Python['kind']> {
  const root = dirname(dirname(path))
  if (await exists(join(root, 'pyvenv.cfg'))) return 'venv'
  return (await exists(join(root, 'conda-meta'))) ? 'conda' : 'path'
}

async function workspaceEnvironments(workspace: string): Promise<Candidate[]> {
  const entries = await readdir(workspace, { withFileTypes: true }).catch(() => [])
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
  const roots = await Promise.all(
    names.map(async (name) => ((await exists(join(workspace, name, 'pyvenv.cfg'))) ? [name] : [])),
  )
  return roots
    .flat()
    .toSorted()
    .map((name) => ({ path: interpreterIn(join(workspace, name), 'venv'), kind: 'venv', name }))
}

function activeEnvironments(environment: Environment): Candidate[] {
  const { VIRTUAL_ENV: venv, CONDA_PREFIX: conda, CONDA_DEFAULT_ENV: condaName } = environment
  return [
    ...(venv ? [{ path: interpreterIn(venv, 'venv'), kind: 'venv' as const, name: basename(venv) }] : []),
    ...(conda
      ? [{ path: interpreterIn(conda, 'conda'), kind: 'conda' as const, name: condaName ?? basename(conda) }]
      : []),
  ]
}

async function condaEnvironments(environment: Environment): Promise<Candidate[]> {
  const home = environment['HOME'] ?? homedir()
  const listed = await readFile(join(home, '.conda', 'environments.txt'), 'utf8').catch(() => '')
  const roots = listed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
  for (const base of [
    environment['CONDA_ROOT'],
    ...condaHomes.map((name) => join(home, name)),
    '/opt/conda',
  ]) {
    if (!base || !(await exists(join(base, 'conda-meta')))) continue
    const names = await readdir(join(base, 'envs')).catch(() => [])
    roots.push(base, ...names.map((name) => join(base, 'envs', name)))
  }
  return [...new Set(roots)].map((root) => ({
    path: interpreterIn(root, 'conda'),
    kind: 'conda',
    name: basename(root),
  }))
}

function pathPythons(environment: Environment): Candidate[] {
  const names = isWindows ? ['python.exe'] : ['python3', 'python']
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) =>
      names.map((name) => ({ path: join(folder, name), kind: 'path' as const, name: join(folder, name) })),
    )
}

function interpreterIn(root: string, kind: 'venv' | 'conda'): string {
  if (!isWindows) return join(root, 'bin', 'python')
  return kind === 'venv' ? join(root, 'Scripts', 'python.exe') : join(root, 'python.exe')
}

async function versionOf(path: string): Promise<Pick<Python, 'version' | 'problem'>> {
  try {
    const { stdout, lastLines } = await runProcess(
      { file: path, args: ['--version'] },
      { signal: AbortSignal.timeout(versionTimeoutMs) },
    )
    const version = /Python (\S+)/.exec(`${stdout}\n${lastLines.join('\n')}`)?.[1] ?? null
    return version === null ? { version, problem: 'It does not answer like a Python.' } : { version }
  } catch (caught) {
    return { version: null, problem: caught instanceof AppError ? caught.message : String(caught) }
  }
}

async function isFile(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
