import { recipes } from '../recipes';

// Built once, and again behind the scenes when it is older than a second.
export const revalidate = 1;

export default function Count() {
  return <p>{recipes.length} recipes so far</p>;
}
