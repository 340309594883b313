import { looks, shapeOf } from './confusables.ts'
import { tellApart } from './told-apart.ts'

/** What is drawn of a name, the letters that readers of its script tell apart as themselves. Forms of letters by their place, or for formulas, are those letters. */
const drawn = (name: string): string =>
  tellApart(
    name
      .replace(/(\p{RGI_Emoji_Tag_Sequence})|\p{Default_Ignorable_Code_Point}/gv, '$1')
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[\p{L}&&[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Common}]]+/gv, letters =>
        letters.normalize('NFKC'),
      ),
  )

/**
 * What a name looks like: names with equal skeletons cannot be told apart (UTS 39, section 4, by Unicode's table of confusables; see `tellApart` for
 * what readers of one script can). What is not drawn is left out but for the tags that tell flags of regions apart, white space is one space, and
 * case is folded. For comparing only.
 */
export const skeletonOf = (name: string): string => shapeOf(drawn(name))

/**
 * What a name looks like once its capitals are small letters: "ALICE" with a Greek alpha is "alice". It differs from the skeleton where a capital looks
 * like a small letter that it is not, as I does.
 */
export const lowerSkeletonOf = (name: string): string =>
  shapeOf(drawn(name).replace(/\p{Lu}/gu, capital => (looks(capital) === 'l' ? 'i' : capital)))
