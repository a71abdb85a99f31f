import { Popover } from '@mantine/core'
import { Cable, Power, RotateCw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { connectTo, engine, useConnection } from '../api/connection.ts'
import { useEngineQuery } from '../api/queries.ts'
import { useSentence } from '../i18n/sentences/index.ts'
import { Button } from '../ui/Button.tsx'
import { Facts } from '../ui/Facts.tsx'
import { useNow } from '../ui/Moment.tsx'
import css from './ConnectionBadge.module.css'
import { showDialog } from './dialogs.ts'

/** The state of the connection, always in sight; more about it on click. */
export function ConnectionBadge() {
  const { t } = useTranslation()
  const { state, remote } = useConnection()
  const [isOpen, setOpen] = useState(false)
  const host = remote && new URL(remote.origin).host
  const words =
    state === 'open'
      ? host === undefined
        ? t('connection.open')
        : t('connection.remote', { host })
      : t(`connection.${state}`)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      offset={4}
      width={320}
      transitionProps={{ duration: 0 }}
      trapFocus
    >
      <Popover.Target>
        <button type="button" className={css.badge} data-state={state} onClick={() => setOpen(!isOpen)}>
          <i aria-hidden />
          {words}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Details onLeave={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Details({ onLeave }: { onLeave(): void }) {
  const sentence = useSentence()
  const { t } = useTranslation()
  const { state, remote, reason, hint, retryAt } = useConnection()
  const { data } = useEngineQuery('system.info', {}, { enabled: state === 'open' })
  const now = useNow(500)
  // The window can start its own engine again; a line to one elsewhere can only be opened anew.
  const isOwnWindow = window.parallax !== undefined && remote === undefined
  const seconds = retryAt === undefined ? undefined : Math.max(0, Math.ceil((retryAt - now) / 1000))
  return (
    <div className={css.details} role="dialog" aria-label={t('connection.title')}>
      <h2>{t('connection.title')}</h2>
      {reason !== undefined && <p className={css.reason}>{sentence(reason)}</p>}
      {hint !== undefined && <p className={css.hint}>{sentence(hint)}</p>}
      {state === 'open' && (
        <Facts
          facts={[
            // The rows stand before the engine has answered, or the buttons below would jump away under a hand.
            [
              remote?.origin ?? t('connection.here'),
              data ? t('connection.version', { version: data.version }) : '…',
            ],
            ['PID', data?.pid ?? '…'],
          ]}
        />
      )}
      {state === 'silent' && <p className={css.hint}>{t('connection.silentAbout')}</p>}
      {state === 'lost' && seconds !== undefined && (
        <p className={css.hint}>{t('connection.retryIn', { seconds })}</p>
      )}
      <div className={css.actions}>
        {state !== 'open' && !(state === 'silent' && isOwnWindow) && (
          <Button size="small" icon={RotateCw} onClick={() => engine().retryNow()}>
            {t('connection.retryNow')}
          </Button>
        )}
        {state === 'silent' && isOwnWindow && (
          <Button
            size="small"
            icon={Power}
            onClick={() => {
              onLeave()
              window.parallax?.restartEngine()
            }}
          >
            {t('connection.restart')}
          </Button>
        )}
        <Button
          size="small"
          icon={Cable}
          onClick={() => {
            onLeave()
            showDialog('connect')
          }}
        >
          {t('connection.connectElsewhere')}
        </Button>
        {remote && (
          <Button size="small" icon={Undo2} onClick={() => connectTo(undefined)}>
            {t('connection.backToOwn')}
          </Button>
        )}
      </div>
    </div>
  )
}
