/**
 * Commands as records. The palette, the key map, tooltips and native menus read the same list, so that none of them
 * can disagree. A page adds its own while it is open.
 */
import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { isPageCovered } from './dialogs.ts'

export type Command = {
  id: string
  title: string
  icon?: LucideIcon
  /** Such as `mod+k`, `alt+1` or `w`. */
  keys?: string
  /** Whether it belongs to the open page or to the whole window; groups the key map. */
  scope: 'page' | 'window'
  /** Works while a text field has the focus. */
  isForTyping?: boolean
  /** Listed in the key map but not in the palette, as for keys that only make sense on the spot. */
  isKeyOnly?: boolean
  /** Why it cannot be run now; absent when it can. */
  disabledReason?: string
  perform(): void
}

export const useCommands = create<{ lists: ReadonlyMap<string, readonly Command[]> }>(() => ({
  lists: new Map(),
}))

/** All commands; those of the page first, so that their keys win over those of the window. */
export const allCommands = (lists: ReadonlyMap<string, readonly Command[]>): Command[] =>
  [...lists.values()].flat().sort((a, b) => Number(a.scope === 'window') - Number(b.scope === 'window'))

/** What of a command can be seen: listeners hear of a change only when this changes. */
const visible = ({ id, title, keys, scope, disabledReason }: Command) => [
  id,
  title,
  keys,
  scope,
  disabledReason,
]

/**
 * Offers commands while the component is shown. They may be made anew on every rendering.
 *
 * @param owner names the list; one owner has one list.
 */
export function useCommandList(owner: string, commands: readonly Command[]): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  const text = JSON.stringify(commands.map(visible))
  useEffect(() => {
    // What a command does is looked up when it is run, so that it never acts on an earlier rendering.
    const stable = latest.current.map((command, index) => ({
      ...command,
      perform: () => latest.current[index].perform(),
    }))
    useCommands.setState(({ lists }) => ({ lists: new Map(lists).set(owner, stable) }))
  }, [owner, text])
  useEffect(
    () => () =>
      useCommands.setState(({ lists }) => {
        const rest = new Map(lists)
        rest.delete(owner)
        return { lists: rest }
      }),
    [owner],
  )
}

/** Runs a command by its id, as native menus ask for it. Gives whether there was one that could run. */
export function runCommand(id: string): boolean {
  if (isPageCovered()) return false
  const command = allCommands(useCommands.getState().lists).find((candidate) => candidate.id === id)
  if (!command || command.disabledReason !== undefined) return false
  command.perform()
  return true
}
