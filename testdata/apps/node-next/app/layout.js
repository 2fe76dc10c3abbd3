export const metadata = {
  title: 'Recipes',
  description: 'What to cook with what is there',
};

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
