import type { Chance } from './chance.ts'

const firstNames =
  'Amara Anton Beatriz Björn Chiara Daniel Deniz Elena Emeka Farah Felix Greta Hana Hugo Ines Ivan Jana Jonas Kaito Karim Laila Leo Lucía Mads Maya Mei Milan Nadia Niko Nora Olga Oscar Priya Quentin Rosa Samir Sanna Tariq Teresa Uma Viktor Wanda Xiulan Yara Yusuf Zoë'.split(
    ' ',
  )
const lastNames =
  'Abadi Almeida Andersen Bauer Bianchi Castillo Chen Dubois Eriksen Fischer Fontaine García Haddad Hansen Ito Ivanova Jensen Kamau Kowalska Larsen Lehmann Marino Meyer Moreau Nakamura Novák Okafor Oliveira Park Petrov Quinn Rahman Rossi Sato Schmidt Silva Singh Sørensen Tanaka Torres Ueda Vargas Weber Wójcik Yıldız Zhang'.split(
    ' ',
  )
const statuses = [
  '',
  '',
  '',
  'In a meeting',
  'On holiday until Monday',
  'Working from home',
  'Ask me about the garden',
  'Reading',
  'Back at two',
  '☕',
]

/** The n-th person's names. The username is the n-th of its kind, so that no two are one. */
export function personNames(n: number, chance: Chance) {
  const firstName = chance.of(firstNames)
  const lastName = chance.of(lastNames)
  const plain = `${firstName}.${lastName}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const username = `${plain.replace(/[^a-z.]/g, '')}${n + 1}`
  return {
    username,
    displayName: `${firstName} ${lastName}`,
    firstName,
    lastName,
    status: chance.of(statuses),
  }
}

const subjects =
  'Garden Kitchen Choir Design Support Library Travel Music Films Chess Running Cycling Release Website Weather Photos Accounts Hiring Onboarding Security Mobile Translation Newsletter Workshop Festival Recipes Books Maps Radio Theatre'.split(
    ' ',
  )
const kinds = ['', 'team', 'ideas', 'planning', 'help', 'news', 'lunch', 'archive', 'questions', 'weekly']
const topics = [
  '',
  'Be kind, and bring biscuits',
  'What happened, what is next, what is in the way',
  'Questions of all sizes',
  'Decisions go in the notes',
]

/** The n-th room's name and topic; names do not repeat. */
export function roomNames(n: number, chance: Chance) {
  const subject = subjects[n % subjects.length] ?? ''
  const turn = Math.floor(n / subjects.length)
  const kind = kinds[turn % kinds.length] ?? ''
  const round = Math.floor(turn / kinds.length)
  const name = [subject, kind, round > 0 ? String(round + 1) : ''].filter(part => part !== '').join(' ')
  return { name, topic: chance.of(topics) }
}

const openings = [
  'Good morning!',
  'Quick question:',
  'Yes,',
  'I think',
  'No hurry, but',
  'Done:',
  'For the record,',
  'Has anybody seen that',
  'Thank you,',
  'Just noticed:',
  '',
  '',
]
const things =
  'the draft|the room upstairs|the new menu|the train at nine|the broken printer|the invoice from May|our **next release**|the list of guests|the second chapter|the map|the `deploy` script|the old piano|the budget|the photograph by the door|the rehearsal'.split(
    '|',
  )
const happenings =
  'is ready|needs another pair of eyes|moved to Thursday|works again|is late, as always|looks wonderful|was in the wrong folder|can wait until tomorrow|is _almost_ there|got longer overnight|made my day|is at https://example.org/notes'.split(
    '|',
  )
const closings = [
  '',
  '',
  '',
  'What do you think?',
  'I will be there at ten.',
  'Who takes it?',
  '👍',
  'Soup at noon?',
  'Let me know.',
  'More of that later, when everybody is back and we have had some time to read it properly.',
  '```\nretries = 3\ntimeout = 20\n```',
  '- first the chairs\n- then the tables\n- then coffee',
]

/** Something that somebody may have said. */
export const saying = (chance: Chance): string =>
  [`${chance.of(openings)} ${chance.of(things)} ${chance.of(happenings)}.`.trim(), chance.of(closings)]
    .filter(part => part !== '')
    .join(' ')
