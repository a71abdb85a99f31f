/**
 * Which ffmpeg to use: `FFMPEG_PATH`, else the one ffmpeg-static brought, else the system's, else the one inside
 * @ffmpeg-installer/ffmpeg (built in 2018, so arguments must suit old builds too).
 */
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { runProcess } from '../processes/runProcess.ts'

export type Ffmpeg = {
  path: string
  /** As it names itself, such as `5.1.9-0+deb12u1`. */
  version: string
  /** Where it was found. */
  source: 'FFMPEG_PATH' | 'ffmpeg-static' | 'system' | '@ffmpeg-installer/ffmpeg'
  /** Names of the encoders it was built with; a hardware encoder may still find no hardware. */
  encoders: ReadonlySet<string>
}

const require = createRequire(import.meta.url)
const known = new Map<string, Promise<Ffmpeg>>()

const howToGetOne =
  'Install ffmpeg (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set FFMPEG_PATH to the program.'

/**
 * Finds a working ffmpeg and asks it what it can do. Asked once per program and process.
 *
 * @param environment variables to look in; `FFMPEG_PATH` wins and is never passed over in silence.
 * @throws AppError `missing-program` when there is none, or when `FFMPEG_PATH` does not work.
 */
export async function findFfmpeg(environment: NodeJS.ProcessEnv = process.env): Promise<Ffmpeg> {
  const failures: string[] = []
  for (const { path, source } of candidates(environment)) {
    try {
      return await inspectOnce(path, source)
    } catch (error) {
      const reason = (error as Error).message
      if (source === 'FFMPEG_PATH') {
        throw new AppError(
          'missing-program',
          `FFMPEG_PATH names ${path}, which does not work as ffmpeg. ${reason}`,
          {
            hint: 'Point FFMPEG_PATH to an ffmpeg program, or unset it to use another one.',
            cause: error,
          },
        )
      }
      failures.push(`${path}: ${reason}`)
    }
  }
  throw new AppError('missing-program', 'No ffmpeg was found, so no video can be made.', {
    hint: howToGetOne,
    details: { tried: failures },
  })
}

function* candidates(environment: NodeJS.ProcessEnv): Generator<{ path: string; source: Ffmpeg['source'] }> {
  if (environment.FFMPEG_PATH) yield { path: environment.FFMPEG_PATH, source: 'FFMPEG_PATH' }
  const fromStatic = packagePath('ffmpeg-static', (exported) => exported)
  if (fromStatic) yield { path: fromStatic, source: 'ffmpeg-static' }
  const fromSystem = onPath(environment)
  if (fromSystem) yield { path: fromSystem, source: 'system' }
  const fromInstaller = packagePath(
    '@ffmpeg-installer/ffmpeg',
    (exported) => (exported as { path?: unknown } | null)?.path,
  )
  if (fromInstaller) yield { path: fromInstaller, source: '@ffmpeg-installer/ffmpeg' }
}

/** The program a package brings, when package and program are there. */
function packagePath(name: string, pathOf: (exported: unknown) => unknown): string | undefined {
  let path: unknown
  try {
    path = pathOf(require(name))
  } catch {
    return undefined
  }
  return typeof path === 'string' && existsSync(path) ? path : undefined
}

function onPath(environment: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  return (environment.PATH ?? environment.Path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

function inspectOnce(path: string, source: Ffmpeg['source']): Promise<Ffmpeg> {
  const key = `${source}:${path}`
  const earlier = known.get(key)
  if (earlier) return earlier
  const inspection = inspect(path, source)
  known.set(key, inspection)
  inspection.catch(() => known.delete(key))
  return inspection
}

async function inspect(path: string, source: Ffmpeg['source']): Promise<Ffmpeg> {
  // The list goes to stdout, the banner with the version to stderr: one start tells both.
  const { stdout, lastLines } = await runProcess({ file: path, args: ['-encoders'] })
  const version = /^ffmpeg version (\S+)/m.exec(lastLines.join('\n'))?.[1]
  if (version === undefined) throw new AppError('unsupported', `${path} does not answer as ffmpeg does.`)
  return { path, version, source, encoders: new Set(parseEncoders(stdout)) }
}

/**
 * The option that hands frames through as they are decoded, none repeated and none left out; its name changed in 5.1.
 *
 * @param version as ffmpeg names itself; builds between releases have no number and are new.
 */
export function passThroughArguments(version: string): string[] {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? []
  const isOld = major !== undefined && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1))
  return isOld ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough']
}

/** Names of the video encoders in the output of `ffmpeg -encoders`. */
export function parseEncoders(listing: string): string[] {
  return [...listing.matchAll(/^ V[.A-Z]{5} (\S+)/gm)].map(([, name]) => name).filter((name) => name !== '=')
}
