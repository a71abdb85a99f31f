/* global document, localStorage, location, NodeFilter */
// Makes the pictures of the documentation: a sample workspace, a real engine, every page in both themes.
// Usage: node scripts/pictures.mjs [FOLDER], with the project's own Node and after npm run build.
// Writes <page>-<theme>.png into FOLDER (docs/pictures): all in 1280 x 800 in English, the main ones also in Chinese
// (-zh) and in 1920 x 1080 (-wide). A page that cannot be pictured is named at the end, and the others are made.
// A browser is taken from PARALLAX_CHROMIUM, else from the npm package @sparticuz/chromium.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pictures = process.argv[2] ?? join(root, 'docs/pictures')
const work = mkdtempSync(join(tmpdir(), 'parallax-pictures-'))
const workspace = join(work, 'UniLIP')
const cli = join(root, 'src/main/hosts/cli/index.ts')
const env = { ...process.env, PARALLAX_HOME: join(work, 'home') }
const size = { width: 1280, height: 800 }
const wide = { width: 1920, height: 1080 }
const mainPages = [
  'workspace',
  'experiments',
  'train',
  'benchmark',
  'runs',
  'results',
  'compare',
  'videos',
  'jobs',
]
const failures = []

mkdirSync(pictures, { recursive: true })
let server
try {
  await command('demo', '--output', workspace, '--offline')
  const runs = JSON.parse(await command('runs', 'list', '--json').then(jsonArray))
  await command('experiments', 'import', join(workspace, 'record.md'), '--workspace', workspace)
  server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json', '--workspace', workspace], { env })
  const url = await addressOf(server)
  const browser = await openBrowser()
  for (const theme of ['dark', 'light']) {
    await takePictures(browser, url, runs, { theme })
    await takePictures(browser, url, runs, { theme, language: 'zh-CN', suffix: '-zh', only: mainPages })
    await takePictures(browser, url, runs, { theme, viewport: wide, suffix: '-wide', only: mainPages })
  }
  await browser.close()
} finally {
  server?.kill('SIGINT')
  rmSync(work, { recursive: true, force: true })
}
if (failures.length > 0) {
  process.stderr.write(`Not pictured:\n${failures.map((line) => `  ${line}\n`).join('')}`)
  process.exitCode = 1
}

/** Runs a command of the terminal door to its end and gives what it printed. */
function command(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`parallax ${args[0]} ended with ${code}.`)),
    )
  })
}

/** JSON lines with runs among them, as one array of the runs. */
function jsonArray(lines) {
  const values = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return JSON.stringify(
    values.flatMap((value) => value.runs ?? value.run ?? value).filter((value) => value.id),
  )
}

/** The address that `parallax serve` prints. */
async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, url } = JSON.parse(line)
    if (type === 'serving') return url
  }
  throw new Error('parallax serve ended before it printed its address.')
}

async function openBrowser() {
  const executablePath =
    process.env.PARALLAX_CHROMIUM ??
    (await import('@sparticuz/chromium').then((found) => found.default.executablePath()))
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** Runs in the page: writes other names in the place of this machine's folders, also where a path is shortened. */
function hidePaths(names) {
  const hide = (text) =>
    Object.entries(names).reduce((shown, [path, name]) => shown.replaceAll(path, name), text)
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    const whole = node.parentElement?.closest('[title]')?.title ?? ''
    const isShortened = whole !== hide(whole) && node.nodeValue.includes('…')
    const shown = hide(isShortened ? whole : node.nodeValue)
    const { length } = node.nodeValue
    node.nodeValue = isShortened && shown.length > length ? `…${shown.slice(1 - length)}` : shown
  }
}

/** Writes a picture at the best quality that keeps it below 160 kB; a palette looks the same at this scale. */
async function write(picture, file) {
  for (const quality of [100, 80, 60, 40, 25]) {
    const bytes = await sharp(picture)
      .png({ palette: true, quality, dither: quality === 100 ? 1 : 0, effort: 7 })
      .toBuffer()
    if (bytes.length < 160_000 || quality === 25) return writeFile(file, bytes)
  }
}

/** Until nothing says that it is loading and every picture stands there; a page that never rests is taken as it is. */
async function settle(page) {
  const isReady = () =>
    document.querySelector('main [aria-busy="true"]') === null &&
    [...document.querySelectorAll('main img')].every((image) => image.complete)
  // Code of a page arrives before its skeleton.
  await page.waitForTimeout(300)
  await page.waitForFunction(isReady, undefined, { timeout: 8000 }).catch(() => {})
  await page.waitForTimeout(500)
}

/**
 * Every page, or those named in `only`.
 *
 * @param look.suffix behind the name of each file, to tell it from the one in English at the usual size.
 */
async function takePictures(
  browser,
  url,
  runs,
  { theme, language = 'en', viewport = size, suffix = '', only },
) {
  const [run, ...others] = runs
  const earlier = others.find((other) => other.map === run.map)
  const context = await browser.newContext({ viewport, locale: language === 'en' ? 'en-GB' : language })
  const preferences = { state: { theme, density: 'comfortable', language, workspaces: {} }, version: 1 }
  await context.addInitScript(
    (text) => localStorage.setItem('parallax.preferences', text),
    JSON.stringify(preferences),
  )
  const page = await context.newPage()
  await page.goto(url)
  const shoot = async (name, route, act = async () => {}) => {
    if (only && !only.includes(name)) return
    try {
      await page.evaluate((hash) => (location.hash = hash), `#${route}`)
      await settle(page)
      await act()
      await page.mouse.move(0, 0)
      await page.evaluate(hidePaths, { [work]: '/home/user', [homedir()]: '/home/user' })
      await write(await page.screenshot(), join(pictures, `${name}-${theme}${suffix}.png`))
    } catch (error) {
      failures.push(`${name}-${theme}${suffix}: ${error.message.split('\n')[0]}`)
    }
  }
  const both = `runs=${run.id},${earlier.id}`
  await shoot('workspace', '/')
  await shoot('experiments', '/experiments')
  const experiment = await page
    .locator('main a[href^="#/experiments/"]')
    .first()
    .getAttribute('href')
    .catch(() => null)
  await shoot('experiment', experiment?.slice(1) ?? '/experiments')
  await shoot('train', '/train')
  await shoot('curves', '/train/curves', () => settle(page))
  await shoot('processes', '/train/processes')
  await shoot('evaluate', '/evaluate')
  await shoot('benchmark', '/benchmark', async () => {
    await page.locator('main thead input[type=checkbox]').first().check({ force: true })
    await page.locator('main table').nth(1).waitFor()
    await settle(page)
  })
  await shoot('runs', '/runs')
  await shoot('results', `/runs/${run.id}`)
  await shoot('compare', `/compare?${both}&frame=20`, () => settle(page))
  await shoot('wipe', `/compare?${both}&frame=20&mode=wipe`, () => settle(page))
  await shoot('difference', `/compare?run=${run.id}&frame=20&mode=difference`, () => settle(page))
  await shoot('vote', `/compare/vote?${both}`, async () => {
    await page.getByRole('main').getByRole('button', { name: 'Begin voting' }).click({ timeout: 3000 })
    await settle(page)
  })
  await shoot('videos', '/videos', async () => {
    const poster = page.locator('main li button').first()
    if (await poster.isVisible()) await poster.click()
    await settle(page)
  })
  await shoot('jobs', '/jobs')
  const job = await page
    .locator('main a[href^="#/jobs/"]')
    .nth(1)
    .getAttribute('href')
    .catch(() => null)
  await shoot('job', job?.slice(1) ?? '/jobs')
  await shoot('system', '/system', () => page.getByText('better-sqlite3').waitFor())
  await shoot('palette', '/runs', () => page.keyboard.press('Control+k').then(() => page.waitForTimeout(300)))
  await context.close()
}
