/** Answers the few things a page cannot do through the contract: native dialogs, "show in folder", a port. */
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import {
  BrowserWindow,
  MessageChannelMain,
  Notification,
  dialog,
  ipcMain,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron'
import { z } from 'zod'
import type { ContentPolicy } from './contentPolicy.ts'
import type { EngineProcess } from './engineProcess.ts'
import { installMenu, menuBar } from './menu.ts'
import { appOrigin } from './protocols.ts'
import { showRoute } from './window.ts'

const pickOptions = z
  .object({
    title: z.string().max(200).optional(),
    startAt: z.string().max(4096).optional(),
    extensions: z.array(z.string().regex(/^\w+$/)).max(20).optional(),
  })
  .default({})

const desktopNotice = z.object({
  title: z.string().max(200),
  body: z.string().max(1000).optional(),
  route: z.string().max(5000).startsWith('/'),
})

/** Registers the channels. Messages of anything but our own page are ignored. */
export function answerBridge(engine: EngineProcess, policy: ContentPolicy): void {
  ipcMain.on('parallax:request-port', (event) => {
    if (!isOurPage(event) || !engine.request()) return
    const { port1, port2 } = new MessageChannelMain()
    engine.connect(port1)
    event.sender.postMessage('parallax:port', undefined, [port2])
  })
  ipcMain.on('parallax:restart-engine', (event) => {
    if (isOurPage(event)) engine.restart()
  })
  ipcMain.handle('parallax:pick', async (event, kind: unknown, raw: unknown) => {
    if (!isOurPage(event)) return undefined
    const { title, startAt, extensions } = pickOptions.parse(raw)
    const isFolder = kind === 'folder'
    const options: Electron.OpenDialogOptions = {
      properties: [isFolder ? 'openDirectory' : 'openFile'],
      ...(title === undefined ? {} : { title }),
      ...(startAt === undefined ? {} : { defaultPath: startAt }),
      ...(extensions === undefined ? {} : { filters: [{ name: extensions.join(', '), extensions }] }),
    }
    const window = BrowserWindow.fromWebContents(event.sender)
    const { canceled, filePaths } = window
      ? await dialog.showOpenDialog(window, options)
      : await dialog.showOpenDialog(options)
    return canceled ? undefined : filePaths[0]
  })
  ipcMain.on('parallax:set-menu', (event, raw: unknown) => {
    const groups = menuBar.safeParse(raw)
    if (!isOurPage(event) || !groups.success) return
    installMenu(groups.data, (id) => event.sender.send('parallax:menu', id))
  })
  ipcMain.on('parallax:notify', (event, raw: unknown) => {
    const notice = desktopNotice.safeParse(raw)
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!isOurPage(event) || !notice.success || !window || window.isFocused()) return
    if (!Notification.isSupported()) return
    const { title, body, route } = notice.data
    const shown = new Notification({ title, ...(body === undefined ? {} : { body }) })
    shown.on('click', () => showRoute(window, route))
    shown.show()
  })
  ipcMain.on('parallax:progress', (event, share: unknown) => {
    if (!isOurPage(event)) return
    const isShare = typeof share === 'number' && share >= 0 && share <= 1
    BrowserWindow.fromWebContents(event.sender)?.setProgressBar(isShare ? share : -1)
  })
  ipcMain.handle('parallax:allow-engine', (event, origin: unknown) =>
    isOurPage(event) && typeof origin === 'string' ? policy.allowEngine(origin) : false,
  )
  ipcMain.handle('parallax:reveal', (event, path: unknown) => {
    if (!isOurPage(event) || typeof path !== 'string' || !isAbsolute(path)) return
    statSync(path)
    shell.showItemInFolder(path)
  })
}

function isOurPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && frame.url.startsWith(`${appOrigin}/`)
}
