import type { Membership, Role } from '../../../contract/entities.ts'

// The server decides what anybody may do; these only keep controls away from who could not use them.

/** Whether somebody manages a room: renames it, adds and removes people, archives it. */
export const canManage = (membership: Membership | undefined, role: Role): boolean =>
  membership?.role === 'manager' || role !== 'member'
