/** The checks of `parallax doctor` and the System page: what is there, what is not, and what to do about it. */
import { statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Check } from '../../../shared/contract/system.ts'
import type { Python } from '../../../shared/contract/training.ts'
import { formatBytes } from '../../../shared/domain/format.ts'
import { toAppError } from '../../../shared/errors.ts'
import { findFfmpeg } from '../ffmpeg/findFfmpeg.ts'
import { listProviders } from '../networks/providers.ts'
import { databaseVersion } from '../store/database.ts'
import { createGpuMonitor } from '../training/monitor/gpus.ts'
import { detectPythons } from '../training/processes/pythons.ts'
import type { SystemDependencies } from './systemDependencies.ts'
import { torchOf } from './torchVersion.ts'
import { libraryVersions } from './versions.ts'

const littleSpaceBytes = 2e9

/** All checks, area by area. None throws: a check that fails says so as its result. */
export async function runChecks(dependencies: SystemDependencies): Promise<Check[]> {
  const groups = await Promise.all([
    engineChecks(dependencies),
    providerChecks(),
    ffmpegChecks(),
    pythonChecks(),
    gpuChecks(),
    weightChecks(dependencies),
    databaseChecks(dependencies),
    diskChecks(dependencies),
  ])
  return groups.flat()
}

function engineChecks({ version }: SystemDependencies): Check[] {
  const versions = { parallax: version, ...libraryVersions() }
  return Object.entries(versions).map(([name, found]) => ({ area: 'engine', name, status: 'ok', found }))
}

async function providerChecks(): Promise<Check[]> {
  const providers = await listProviders()
  return providers.map(({ provider, isUsable, reason }) => ({
    area: 'provider',
    name: provider,
    status: isUsable ? 'ok' : 'missing',
    found: reason,
  }))
}

async function ffmpegChecks(): Promise<Check[]> {
  try {
    const ffmpeg = await findFfmpeg()
    const wanted = [
      'libx264',
      'libvpx-vp9',
      'libwebp_anim',
      'gif',
      'ffv1',
      'h264_nvenc',
      'h264_qsv',
      'h264_videotoolbox',
    ]
    const encoders = wanted.filter((name) => ffmpeg.encoders.has(name))
    return [
      { area: 'ffmpeg', name: 'ffmpeg', status: 'ok', found: `${ffmpeg.version}, ${ffmpeg.path}` },
      {
        area: 'ffmpeg',
        name: 'encoders',
        status: encoders.includes('libx264') ? 'ok' : 'problem',
        found: encoders.join(', '),
        hint: 'MP4 videos need libx264.',
      },
    ]
  } catch (caught) {
    const { message, hint } = toAppError(caught)
    return [{ area: 'ffmpeg', name: 'ffmpeg', status: 'missing', found: message, hint }]
  }
}

async function pythonChecks(): Promise<Check[]> {
  const pythons = await detectPythons(process.cwd())
  if (pythons.length === 0) {
    return [
      {
        area: 'python',
        name: 'python',
        status: 'missing',
        found: 'no Python was found',
        hint: 'Only training and the evaluation scripts need one.',
      },
    ]
  }
  const isFirst = (python: Python) =>
    python ===
    pythons.find((other) => dirname(other.path) === dirname(python.path) && other.version === python.version)
  return Promise.all(pythons.filter(isFirst).map(pythonCheck))
}

/** Told apart by environment or version; with the PyTorch that a script would get. `python` beside `python3` is one. */
async function pythonCheck({ path, kind, name, version, problem }: Python): Promise<Check> {
  const torch = await torchOf(path)
  const program = version === null ? basename(path) : `Python ${version}`
  return {
    area: 'python',
    name: kind === 'path' ? program : `${name} (${kind})`,
    status: problem === undefined ? 'ok' : 'problem',
    found: [kind === 'path' ? undefined : program, problem, torch ?? 'no torch', path]
      .filter(Boolean)
      .join(', '),
  }
}

async function gpuChecks(): Promise<Check[]> {
  const { gpus, reason } = await createGpuMonitor().read()
  if (gpus.length === 0)
    return [
      {
        area: 'gpu',
        name: 'nvidia-smi',
        status: 'missing',
        found: reason ?? 'no GPU',
        hint: 'Everything works on the processor, slower.',
      },
    ]
  return gpus.map(({ index, name, memoryTotalMiB }) => ({
    area: 'gpu',
    name: `GPU ${index}`,
    status: 'ok',
    found: `${name}, ${formatBytes((memoryTotalMiB ?? 0) * 2 ** 20)}`,
  }))
}

async function weightChecks({ models }: SystemDependencies): Promise<Check[]> {
  const found = await models.list()
  return found.map(({ id, status, path, neededFor, note, refused, wanted }) => ({
    area: 'weights',
    name: id,
    status: status !== 'missing' ? 'ok' : refused.length > 0 ? 'problem' : 'missing',
    found: [path ?? `needed for ${neededFor.join(', ')}`, note ?? '', ...refused.map(({ reason }) => reason)]
      .filter((text) => text !== '')
      .join('. '),
    ...(status === 'installed'
      ? {}
      : { hint: `parallax models install ${id}, or put ${wanted.file} into ${wanted.folder}` }),
  }))
}

function databaseChecks({ db, home }: SystemDependencies): Check[] {
  const problems = db.pragma('quick_check(1)', { simple: true })
  return [
    {
      area: 'database',
      name: `version ${databaseVersion(db)}`,
      status: problems === 'ok' ? 'ok' : 'problem',
      found: problems === 'ok' ? join(home, 'parallax.db') : String(problems),
      ...(problems === 'ok'
        ? {}
        : { hint: 'A copy from before the last update lies beside it (*.before-v…).' }),
    },
  ]
}

async function diskChecks({ home }: SystemDependencies): Promise<Check[]> {
  const { bavail, bsize } = await statfs(home)
  const free = bavail * bsize
  const hint = free < littleSpaceBytes ? { hint: 'Features of ground truth take about 8 kB a frame.' } : {}
  return [
    {
      area: 'disk',
      name: 'free space',
      status: free < littleSpaceBytes ? 'problem' : 'ok',
      found: `${formatBytes(free)} at ${home}`,
      ...hint,
    },
  ]
}
