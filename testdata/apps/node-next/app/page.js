import { recipes } from './recipes';

// Rendered for every request, since it depends on what was asked for.
export default async function Home({ searchParams }) {
  const { has } = await searchParams;
  const found = recipes.filter((r) => !has || r.needs.includes(has));
  return (
    <main>
      <h1>{has ? `With ${has}` : 'All recipes'}</h1>
      <ul>
        {found.map((r) => (
          <li key={r.name}>{r.name}</li>
        ))}
      </ul>
    </main>
  );
}
