/**
 * Mixed events over all aggregates, valid however the stories interleave; the same for the same seed.
 * Some are of registered types: call `registerTypes` first.
 */
import { type Dice, dice } from "./traffic/dice.ts";
import { orderStory } from "./traffic/orders.ts";
import { customerStory, dealerStory } from "./traffic/partners.ts";
import { type Article, article, productStory, shelfStory } from "./traffic/products.ts";
import { noteStory } from "./traffic/registered.ts";
import { poisoned, type Post, scribe, type Step, step, type Story } from "./traffic/story.ts";

export { registerTypes } from "./traffic/registered.ts";
export type { Post, Step, Story };

export interface Traffic {
  /** Told first, and wholly: creates the articles that the stories name. */
  readonly opening: Story;
  readonly stories: readonly Story[];
  /** Events in opening and stories; effects come on top. */
  readonly events: number;
}

const articles = 20;

/**
 * At least `size` events. `poisonPercent` of them break their schema or repeat an article number, so that the rest
 * of their aggregate has to wait.
 */
export function traffic(seed: number, size: number, poisonPercent = 0): Traffic {
  const roll = dice(seed);
  const write = scribe(`traffic-${seed}`);
  let sku = 0;
  const nextSku = () => `T${seed}-${++sku}`;
  const shelf = Array.from({ length: articles }, () => article(roll, write, nextSku()));
  const goods = shelf.map((each) => each.article);
  const tell = teller(roll, write, goods, nextSku);
  const stories: Story[] = [];
  let events = shelf.length;
  while (events < size) {
    const story = tell().flatMap((each) => withPoison(roll, each, poisonPercent, goods));
    events += story.reduce((sum, { posts }) => sum + posts.length, 0);
    stories.push(story);
  }
  return { opening: [step(...shelf.map(({ post }) => post))], stories, events };
}

function teller(
  roll: Dice,
  write: ReturnType<typeof scribe>,
  shelf: readonly Article[],
  sku: () => string,
): () => Story {
  const order = () => orderStory(roll, write, shelf);
  const onShelf = () => shelfStory(roll, write, roll.pick(shelf));
  const tales = [
    order,
    order,
    order,
    onShelf,
    onShelf,
    onShelf,
    onShelf,
    () => productStory(roll, write, sku()),
    () => customerStory(roll, write),
    () => dealerStory(roll, write, shelf),
    () => noteStory(roll, write),
  ];
  return () => roll.pick(tales)();
}

/** Now and then a step is preceded by its own poisoned twin, or a new product takes a taken article number. */
function withPoison(roll: Dice, each: Step, percent: number, shelf: readonly Article[]): Step[] {
  const [first] = each.posts;
  const isProduct = first?.event_type === "product.created";
  // Products are few among the events, so more of them take a number that is taken.
  if (
    !first || first.aggregate_type === "note" || !roll.chance(isProduct ? 10 * percent : percent)
  ) {
    return [each];
  }
  if (!isProduct) return [poisoned(each), each];
  const data = { ...first.data, sku: roll.pick(shelf).sku };
  return [{ ...each, posts: [{ ...first, data }, ...each.posts.slice(1)] }];
}
