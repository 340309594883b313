/** The people of the picture, by username. */
export const cast = {
  anna: { displayName: 'Anna Kowalski', status: '🚲 Out until 14:00' },
  tomas: { displayName: 'Tomás Silva', status: 'Route of the week: the lock loop' },
  mira: { displayName: 'Mira Adeyemi', status: 'Membership and money' },
  jun: { displayName: 'Jun Li', status: '' },
  priya: { displayName: 'Priya Nair', status: 'Back on Monday' },
  omar: { displayName: 'Omar Haddad', status: '' },
  lena: { displayName: 'Lena Vogt', status: 'In the workshop' },
} as const
export type Who = keyof typeof cast

export const rooms = {
  general: { name: 'General', kind: 'public', topic: 'Everything that concerns everybody. Be kind.' },
  rides: { name: 'Saturday rides', kind: 'public', topic: 'Where, when and how far' },
  workshop: { name: 'Workshop', kind: 'public', topic: 'Tools, parts and favours' },
  photos: { name: 'Photos', kind: 'public', topic: '' },
  committee: { name: 'Committee', kind: 'private', topic: 'Minutes and money' },
} as const
export type Where = keyof typeof rooms | `with ${Who}` | 'with jun and priya'

/** One thing said. `at`: days before the picture's day, and the time of day (UTC). `answers`: the `name` of an earlier line. */
export interface Line {
  readonly at: readonly [days: number, time: string]
  readonly where: Where
  readonly who: Who
  readonly text: string
  readonly name?: string
  readonly answers?: string
}

const line = (at: Line['at'], where: Where, who: Who, text: string, more: Partial<Line> = {}): Line => ({
  at,
  where,
  who,
  text,
  ...more,
})

/** What was said before Anna went away. */
export const before: readonly Line[] = [
  line([2, '18:05'], 'general', 'lena', 'The truing stand is free again. First come, first served.'),
  line([2, '18:07'], 'general', 'omar', 'Mine! Rear wheel, since the cobbles.'),
  line([2, '18:09'], 'workshop', 'lena', 'New chains are in: 11 and 12 speed.'),
  line([2, '19:30'], 'photos', 'priya', 'The fog on the weir this morning was something.'),
  line([2, '20:11'], 'with tomas', 'tomas', 'Can you lead the second group?'),
  line([2, '20:15'], 'with tomas', 'anna', 'Gladly.'),
  line([2, '21:00'], 'with jun and priya', 'jun', 'Cake rota: who takes December?'),
  line([1, '09:00'], 'committee', 'mira', 'Agenda for Tuesday is in the folder.'),
  line(
    [1, '17:02'],
    'general',
    'tomas',
    'Route for tomorrow is up: 62 km, one real climb, café at the top. The bridge at Oldham is **still closed**, so we cross at the lock.',
    { name: 'route' },
  ),
  line(
    [1, '18:40'],
    'general',
    'mira',
    "Membership reminders go out tonight. This is the query, in case someone wants to check it:\n\n```sql\nselect name, email from members\n where paid_until < date('2026-12-31') order by name;\n```",
  ),
  line(
    [1, '18:52'],
    'general',
    'omar',
    'Looks right. Three of them paid in cash last week, I will enter it:\n\n- Lena\n- the ~~Novak~~ Nowak twins',
  ),
  line([1, '19:03'], 'general', 'mira', 'Thank you! 🎉'),
  line([0, '08:51'], 'general', 'priya', 'Is the gravel all right when wet?', { answers: 'route' }),
  line(
    [0, '08:55'],
    'general',
    'tomas',
    'Rode it on Wednesday in the rain, no trouble. Mind the *cattle grid* after the lock.',
  ),
  line([0, '08:58'], 'general', 'anna', 'Then I am in. Back in a moment.'),
]

/** What was said meanwhile. */
export const since: readonly Line[] = [
  line([0, '09:08'], 'rides', 'omar', 'Second group: 24 km/h, nobody is dropped.'),
  line([0, '09:10'], 'rides', 'lena', 'I will sweep.'),
  line([0, '09:12'], 'general', 'jun', 'Anna, can you bring the track pump? Mine gave up.'),
  line([0, '09:12'], 'general', 'jun', 'And the `5 mm` hex key, please 🙏'),
  line(
    [0, '09:14'],
    'general',
    'lena',
    'There is a spare pump on the shelf by the door. Take it, it needs the exercise.',
  ),
  line([0, '09:16'], 'with mira', 'mira', 'The invoice for the van is paid.'),
]
