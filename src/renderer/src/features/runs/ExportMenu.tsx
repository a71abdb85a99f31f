import { Menu } from '@mantine/core'
import { ClipboardCopy, Download, FileDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../api/connection.ts'
import type { Input } from '../../api/client.ts'
import { Button } from '../../ui/Button.tsx'
import { copyText } from '../../ui/copyText.ts'
import { saveText } from '../../ui/saveText.ts'
import { toast } from '../../ui/toasts.ts'

/** Takes runs out of the studio: as files, or as tables on the clipboard. `withFrames` offers the scores of single frames. */
export function ExportMenu({
  runIds,
  withFrames,
  disabledReason,
}: {
  runIds: string[]
  withFrames?: boolean
  disabledReason?: string
}) {
  const { t } = useTranslation('runs')
  const make = async (
    format: Input<'runs.export'>['format'],
    options: { perFrame?: boolean; toClipboard?: boolean } = {},
  ) => {
    try {
      const { text, fileName } = await engine().call('runs.export', {
        runIds,
        format,
        perFrame: options.perFrame,
      })
      if (options.toClipboard) await copyText(text)
      else saveText(text, fileName)
      toast({
        look: 'ok',
        lastsMs: 4000,
        text: options.toClipboard ? t('exportMenu.copied') : t('exportMenu.saved', { file: fileName }),
      })
    } catch (error) {
      toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
    }
  }
  const file = <FileDown size={14} aria-hidden />
  const clipboard = <ClipboardCopy size={14} aria-hidden />
  return (
    <Menu
      position="bottom-end"
      offset={4}
      transitionProps={{ duration: 0 }}
      disabled={disabledReason !== undefined}
    >
      <Menu.Target>
        <Button icon={Download} disabledReason={disabledReason}>
          {t('exportMenu.label')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={file} onClick={() => void make('csv')}>
          {t('exportMenu.csv')}
        </Menu.Item>
        <Menu.Item leftSection={file} onClick={() => void make('json')}>
          {t('exportMenu.json')}
        </Menu.Item>
        {withFrames && (
          <>
            <Menu.Item leftSection={file} onClick={() => void make('csv', { perFrame: true })}>
              {t('exportMenu.framesCsv')}
            </Menu.Item>
            <Menu.Item leftSection={file} onClick={() => void make('json', { perFrame: true })}>
              {t('exportMenu.framesJson')}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={clipboard} onClick={() => void make('tsv', { toClipboard: true })}>
          {t('exportMenu.tsv')}
        </Menu.Item>
        <Menu.Item leftSection={clipboard} onClick={() => void make('markdown', { toClipboard: true })}>
          {t('exportMenu.markdown')}
        </Menu.Item>
        <Menu.Item leftSection={clipboard} onClick={() => void make('latex', { toClipboard: true })}>
          {t('exportMenu.latex')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
