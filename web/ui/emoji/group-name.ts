import { m } from '../../paraglide/messages.js'
import type { PickerGroup } from './picker-rows.ts'

const names: Readonly<Record<PickerGroup, () => string>> = {
  recent: m.emoji_group_recent,
  smileys: m.emoji_group_smileys,
  people: m.emoji_group_people,
  animals: m.emoji_group_animals,
  food: m.emoji_group_food,
  travel: m.emoji_group_travel,
  activities: m.emoji_group_activities,
  objects: m.emoji_group_objects,
  symbols: m.emoji_group_symbols,
  flags: m.emoji_group_flags,
}

export const groupName = (group: PickerGroup): string => names[group]()
