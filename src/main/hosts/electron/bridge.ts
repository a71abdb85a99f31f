/** Answers the few things a page cannot do through the contract: native dialogs, "show in folder", a port. */
import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import {
  BrowserWindow,
  MessageChannelMain,
  dialog,
  ipcMain,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron'
import { z } from 'zod'
import type { EngineProcess } from './engineProcess.ts'
import { appOrigin } from './protocols.ts'

const pickOptions = z
  .object({
    title: z.string().max(200).optional(),
    startAt: z.string().max(4096).optional(),
    extensions: z.array(z.string().regex(/^\w+$/)).max(20).optional(),
  })
  .default({})

/** Registers the channels. Messages of anything but our own page are ignored. */
export function answerBridge(engine: EngineProcess): void {
  ipcMain.on('parallax:request-port', (event) => {
    if (!isOurPage(event)) return
    const { port1, port2 } = new MessageChannelMain()
    engine.connect(port1)
    event.sender.postMessage('parallax:port', undefined, [port2])
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
