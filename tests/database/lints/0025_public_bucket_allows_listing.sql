-- Policies that let clients read storage.objects, and so list the files of a public bucket. This project stores no files: it has none.
select format('policy %I on storage.objects', p.policyname) as finding
from pg_policies p
where p.schemaname = 'storage' and p.tablename = 'objects' and p.cmd in ('SELECT', 'ALL')
  and p.roles && array['public', 'anon', 'authenticated']::name[];
