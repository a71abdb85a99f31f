/** The one connection of this page: to the engine that belongs to it, or to one elsewhere when the person chose so. */
import { create } from 'zustand'
import { AppError } from '../../../shared/errors.ts'
import type { Capabilities } from '../../../shared/wire.ts'
import { isLoopback, takePageAddress } from './address.ts'
import { createClient, type Client } from './client.ts'
import { portTransport } from './portTransport.ts'
import { socketTransport, type EngineAddress } from './socketTransport.ts'

export type ConnectionState = {
  /** `silent`: the line stands, but the engine does not answer. */
  state: 'connecting' | 'open' | 'silent' | 'lost' | 'refused'
  /** The engine elsewhere; `undefined` for the one that belongs to this window or page. */
  remote?: EngineAddress
  reason?: string
  hint?: string
  retryAt?: number
  /** Grows with every engine or connection, so that pages know their data may be old. */
  generation: number
}

export const useConnection = create<ConnectionState>(() => ({ state: 'connecting', generation: 0 }))

const remoteKey = 'parallax.remote'
const pageAddress = window.parallax ? undefined : takePageAddress()
let client: Client | undefined

/** What this door offers. An engine elsewhere has other files, so native dialogs are of no use there. */
export function useCapabilities(): Capabilities {
  const remote = useConnection(({ remote }) => remote)
  const own = window.parallax?.capabilities
  if (own && remote === undefined) return own
  return { door: own?.door ?? 'browser', hasNativeDialogs: false, canReveal: false, hasDroppedPaths: false }
}

/** The client of the present connection. */
export function engine(): Client {
  return (client ??= connect(rememberedRemote()))
}

/** Leaves the present engine and connects to another; without an address, to the page's own. */
export function connectTo(remote: EngineAddress | undefined): void {
  if (remote) sessionStorage.setItem(remoteKey, JSON.stringify(remote))
  else sessionStorage.removeItem(remoteKey)
  client?.close()
  client = connect(remote)
}

/**
 * Goes to an engine a person named. The window stays and connects; for another machine its policy must name the
 * address, which holds from the next load on. A browser goes to the pages that the engine itself serves.
 */
export async function goToEngine(remote: EngineAddress): Promise<void> {
  if (!window.parallax) {
    location.assign(`${remote.origin}/#token=${remote.token}`)
  } else if (isLoopback(remote.origin)) {
    connectTo(remote)
  } else if (await window.parallax.allowEngine(remote.origin)) {
    sessionStorage.setItem(remoteKey, JSON.stringify(remote))
    location.reload()
  } else {
    throw new AppError('usage', `${remote.origin} is no address of an engine.`)
  }
}

/** Where media of the present connection come from; `undefined` means the window's own scheme. */
export function mediaAddress(): EngineAddress | undefined {
  return useConnection.getState().remote ?? pageAddress
}

function connect(remote: EngineAddress | undefined): Client {
  const { generation } = useConnection.getState()
  useConnection.setState({ state: 'connecting', remote, reason: undefined, retryAt: undefined, generation })
  const address = remote ?? pageAddress
  const open = address ? socketTransport(address, import.meta.env.CONTRACT) : portTransport(window.parallax!)
  return createClient(open, {
    onOpen: () =>
      useConnection.setState((old) => ({
        state: 'open',
        reason: undefined,
        hint: undefined,
        retryAt: undefined,
        generation: old.generation + 1,
      })),
    onSilent: (isSilent) => useConnection.setState({ state: isSilent ? 'silent' : 'open' }),
    onLost: ({ reason, hint, retryAt }) =>
      useConnection.setState({ state: retryAt === undefined ? 'refused' : 'lost', reason, hint, retryAt }),
  })
}

function rememberedRemote(): EngineAddress | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(remoteKey) ?? 'null') as EngineAddress | null) ?? undefined
  } catch {
    return undefined
  }
}
