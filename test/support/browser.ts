/** A real browser for tests that look at pixels: found, never downloaded. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts a headless Chromium; `undefined`, with the reason on the terminal, where there is none. */
export async function startBrowser(): Promise<Browser | undefined> {
  const reasons: string[] = []
  for (const candidate of await browserCandidates()) {
    try {
      return await chromium.launch({
        executablePath: candidate.path,
        args: [...candidate.args, '--no-sandbox', '--force-color-profile=srgb'],
      })
    } catch (error) {
      reasons.push(`${candidate.path}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  console.warn(`Skipped: no browser could be started (${reasons.join('; ') || 'set PARALLAX_CHROMIUM'}).`)
  return undefined
}

/** Browsers that may be here, most likely first, with the options each needs to start. */
export async function browserCandidates(): Promise<{ path: string; args: string[] }[]> {
  const named = process.env.PARALLAX_CHROMIUM
  if (named !== undefined) return [{ path: named, args: [] }]
  const found = system.filter((path) => existsSync(path)).map((path) => ({ path, args: [] as string[] }))
  if (process.platform !== 'linux') return found
  const { default: packaged } = await import('@sparticuz/chromium')
  return [...found, { path: await packaged.executablePath(), args: packaged.args }]
}
