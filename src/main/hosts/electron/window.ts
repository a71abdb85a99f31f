/** The studio's window: sandboxed, without a way out of our own pages, remembering where it stood. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, screen, session, shell } from 'electron'
import { appOrigin } from './protocols.ts'
import { placeOn, type WindowPlace } from './windowPlace.ts'

/**
 * Opens the window.
 *
 * @param stateFile where size and place are kept between starts.
 * @param route the page to begin with; the one a person left is not remembered.
 */
export function openWindow(preload: string, stateFile: string, route?: string): BrowserWindow {
  const place = readPlace(stateFile)
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...place,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#111214',
    title: 'Parallax',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  if (place?.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writePlace(stateFile, { ...window.getNormalBounds(), isMaximized: window.isMaximized() }),
  )
  confine(window)
  reviveWhenGone(window)
  void window.loadURL(addressOf(route))
  return window
}

/** Brings the window to the front and goes to a page of it. */
export function showRoute(window: BrowserWindow, route: string | undefined): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  // Only the fragment differs, so the page goes there without being loaded again.
  const address = addressOf(route)
  if (route !== undefined && window.webContents.getURL() !== address) void window.loadURL(address)
}

const addressOf = (route: string | undefined) => `${appOrigin}/${route === undefined ? '' : `#${route}`}`

/** No navigation away, no new windows; links of the web open in the user's browser after the page asked. */
function confine(window: BrowserWindow): void {
  window.webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) event.preventDefault()
  })
  // about:blank needs no loading and so cannot be refused; the way back is ours.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) void window.loadURL(addressOf(undefined))
  })
  window.webContents.on('will-attach-webview', (event) => event.preventDefault())
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (/^https:\/\//.test(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** The pages need none of what they could ask permission for, but writing to the clipboard and full screen. */
export function refusePermissions(): void {
  const allowed = new Set(['clipboard-sanitized-write', 'fullscreen'])
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) =>
    decide(allowed.has(permission) && contents.getURL().startsWith(`${appOrigin}/`)),
  )
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed.has(permission) && origin.startsWith(appOrigin),
  )
}

/** A page whose process died, as for want of memory, is loaded again, but not again and again. */
function reviveWhenGone(window: BrowserWindow): void {
  let lastAt = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || performance.now() - lastAt < shortestLifeMs) return
    lastAt = performance.now()
    window.webContents.reload()
  })
}

/** A page that dies sooner than this would only die again. */
const shortestLifeMs = 10_000

function readPlace(file: string): WindowPlace | undefined {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  try {
    return placeOn(
      [main, ...others].map(({ workArea }) => workArea),
      readFileSync(file, 'utf8'),
    )
  } catch {
    // There is no file before the first end.
    return undefined
  }
}

function writePlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, JSON.stringify(place))
  } catch {
    // A window that forgets its place is no reason to keep it from closing.
  }
}

/** File of the window state in the user's data folder. */
export const windowStateFile = (home: string) => join(home, 'window.json')
