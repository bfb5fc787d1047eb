// Starts the web app in the browser.
import './web.css';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { startLanguage } from './i18n.ts';

// The content security policy forbids building code from text, which zod would otherwise try.
z.config({ jitless: true });

// A part of the app that is gone was replaced by an update: load the new app, once, not over and over.
const reloadedKey = 'kangtu.reloadedAt';
addEventListener('vite:preloadError', (event) => {
  if (Date.now() - Number(sessionStorage.getItem(reloadedKey) ?? 0) < 60_000) return;
  sessionStorage.setItem(reloadedKey, String(Date.now()));
  event.preventDefault();
  location.reload();
});

await startLanguage();
const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
createRoot(element).render(<App />);
