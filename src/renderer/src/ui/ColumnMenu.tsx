import { Menu } from '@mantine/core'
import { Columns3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

export type ColumnChoice = { id: string; title: ReactNode; isShown: boolean }

/** Chooses the columns of a table; stays open, for one seldom changes only one. */
export function ColumnMenu(props: {
  label: string
  columns: readonly ColumnChoice[]
  onChange(id: string, isShown: boolean): void
}) {
  const { label, columns, onChange } = props
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }} closeOnItemClick={false}>
      <Menu.Target>
        <Button icon={Columns3}>{label}</Button>
      </Menu.Target>
      <Menu.Dropdown style={{ maxHeight: '70vh', overflowY: 'auto' }}>
        {columns.map(({ id, title, isShown }) => (
          <Menu.CheckboxItem key={id} checked={isShown} onChange={(next) => onChange(id, next)}>
            {title}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
