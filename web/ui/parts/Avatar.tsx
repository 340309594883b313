import { useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import { avatarUrl, hueOf, initialsOf } from './avatar.ts'
import './Avatar.css'

export interface AvatarProps {
  user: Pick<User, 'id' | 'displayName' | 'username' | 'avatar'> | undefined
  /** Side in px. */
  size?: 20 | 24 | 28 | 36 | 48 | 64 | 96
  /** Shows the dot: here, or not. Left out, there is none. */
  online?: boolean | undefined
}

/** Somebody's picture, or their initials on a colour that is theirs. Drawn only: a name stands beside it, or on what holds it. */
export function Avatar({ user, size = 36, online }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const picture = user?.avatar && user.avatar !== broken ? user.avatar : null
  return (
    <span className="avatar" data-size={size} data-hue={user ? hueOf(user.id) : undefined} aria-hidden="true">
      {picture ? (
        <img
          src={avatarUrl(picture, size)}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(picture)}
        />
      ) : (
        initialsOf(user)
      )}
      {online !== undefined && <i data-online={online ? '' : undefined} />}
    </span>
  )
}
