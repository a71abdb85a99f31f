/** Brings files of the engine to a worker, several in one request where that is quicker. */
import type { AppErrorData } from '../../../../../shared/errors.ts'
import { unpackBundle, type BundledFile } from '../../../../../shared/fileBundle.ts'
import { mediaFilesUrlAt, mediaUrlAt } from '../../../api/mediaUrlAt.ts'
import type { PictureSource, Transfer, Way } from './workerMessages.ts'

export type Fetched = { bytes: Uint8Array<ArrayBuffer>; contentType: string; transfer: Transfer }

/** Servers refuse addresses that are much longer. */
const longestUrl = 6000

/**
 * Fetches each source.
 *
 * @param signals of each source, by its place: what nobody wants any more is not waited for.
 * @returns a promise for each source, by its place. They reject with an `Error` for people when the engine refuses.
 */
export function fetchFiles(
  sources: readonly PictureSource[],
  way: Way,
  signals: readonly AbortSignal[],
): Promise<Fetched>[] {
  const isPlain = ({ look }: PictureSource) => Object.keys(look).length === 0
  const url =
    way.isFast && sources.length > 1 && sources.every(isPlain)
      ? mediaFilesUrlAt(
          way.address,
          sources.map(({ path }) => path),
        )
      : undefined
  if (url === undefined || url.length > longestUrl)
    return sources.map((source, index) => fetchOne(source, way, signals[index]))
  const bundle = timed(() => fetchBundle(url, untilAllAborted(signals)))
  return sources.map(async (source, index) => {
    const { value, transfer } = await bundle
    const file = value[index]
    signals[index].throwIfAborted()
    if ('isLeftOut' in file) return fetchOne(source, way, signals[index])
    if ('error' in file) throw new Error(file.error.message)
    return { ...file, transfer }
  })
}

async function fetchBundle(url: string, signal: AbortSignal): Promise<BundledFile[]> {
  const response = await answered(url, { signal, cache: 'no-store' })
  return unpackBundle(new Uint8Array(await response.arrayBuffer()))
}

async function fetchOne({ path, look }: PictureSource, way: Way, signal: AbortSignal): Promise<Fetched> {
  const { value, transfer } = await timed(async () => {
    const url = mediaUrlAt(way.address, path, look)
    const response = await answered(url, { signal, cache: way.isFast ? 'no-store' : 'default' })
    const contentType = response.headers.get('content-type') ?? ''
    return { bytes: new Uint8Array(await response.arrayBuffer()), contentType }
  })
  return { ...value, transfer }
}

/** @throws Error with the engine's own words when it refuses. */
async function answered(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options)
  if (response.ok) return response
  const refusal = (await response.json().catch(() => undefined)) as { error?: AppErrorData } | undefined
  throw new Error(refusal?.error?.message ?? `The engine answered ${response.status}.`)
}

async function timed<Value>(act: () => Promise<Value>): Promise<{ value: Value; transfer: Transfer }> {
  const now = () => performance.timeOrigin + performance.now()
  const fromMs = now()
  const value = await act()
  return { value, transfer: { fromMs, toMs: now() } }
}

/** Aborts when the last of the signals does. */
function untilAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  const check = () => {
    if (signals.every(({ aborted }) => aborted)) controller.abort()
  }
  for (const signal of signals) signal.addEventListener('abort', check, { once: true })
  return controller.signal
}
