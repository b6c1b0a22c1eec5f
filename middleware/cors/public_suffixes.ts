/**
 * Lists suffixes under which anyone can register a name.
 *
 * @module
 */

// A choice from the Public Suffix List (https://publicsuffix.org/list/) of August
// 2026: hosts and country suffixes that people use, of two labels or more. "*" is any
// label, such as a region. The last four lines are not in that list.
const SUFFIXES = `
ac.uk co.uk gov.uk ltd.uk me.uk net.uk org.uk plc.uk com.au net.au org.au id.au
edu.au co.nz net.nz org.nz ac.jp co.jp go.jp ne.jp or.jp ac.kr co.kr or.kr com.cn
edu.cn net.cn org.cn com.hk com.tw com.sg com.my com.ph com.vn co.id my.id web.id
co.th in.th com.pk com.bd co.in net.in org.in firm.in com.br net.br org.br com.ar
com.mx com.co com.pe com.ve com.ec com.uy com.tr com.ua com.ru com.pl net.pl org.pl
com.pt com.es com.gr co.at or.at co.hu co.il com.sa com.eg ac.za co.za org.za co.ke
com.ng com.gh
br.com cn.com co.com de.com eu.com jpn.com sa.com uk.com us.com za.com
amplifyapp.com *.awsapprunner.com cloudfront.net elasticbeanstalk.com
*.compute.amazonaws.com *.compute-1.amazonaws.com *.elb.amazonaws.com
s3.amazonaws.com azurestaticapps.net azurewebsites.net azure-api.net azurefd.net
azureedge.net *.azurecontainer.io cloudapp.net blob.core.windows.net
web.core.windows.net trafficmanager.net appspot.com *.r.appspot.com *.run.app
web.app firebaseapp.com *.hosted.app cloudfunctions.net blogspot.com pages.dev
workers.dev r2.dev trycloudflare.com github.io githubpreview.dev gitlab.io
bitbucket.io codeberg.page vercel.app vercel.dev netlify.app deno.dev deno.net
fly.dev onrender.com up.railway.app herokuapp.com ondigitalocean.app
*.digitaloceanspaces.com *.linodeobjects.com *.northflank.app zeabur.app wasmer.app
edgecompute.app supabase.co supabase.in convex.cloud convex.site convex.app expo.app
hf.space streamlit.app replit.app replit.dev lovable.app lovableproject.com
bolt.host base44.app csb.app v0.build val.run ngrok.app ngrok.dev ngrok.io
ngrok-free.app ngrok-free.dev ts.net duckdns.org ddns.net dyndns.org dynv6.net
no-ip.org hopto.org zapto.org myshopify.com wixsite.com wixstudio.com webflow.io
framer.app framer.website bubbleapps.io my.canva.site figma.site pantheonsite.io
readthedocs.io gitbook.io pythonanywhere.com now.sh repl.co *.elasticbeanstalk.com
execute-api.*.amazonaws.com s3.*.amazonaws.com s3-website.*.amazonaws.com
lambda-url.*.on.aws *.azurestaticapps.net
*.cloudapp.azure.com *.web.core.windows.net platformsh.site upsun.app
*.azurecontainerapps.io app.github.dev *.devtunnels.ms glitch.me gitpod.io
*.gitpod.io koyeb.app loca.lt netlify.com nip.io stackblitz.io webcontainer.io
sslip.io surge.sh tiiny.site wordpress.com
`.trim().split(/\s+/).map(labelsOf);

/** Checks whether strangers can register a name under a host, at any depth. */
export function isPublicSuffix(host: string): boolean {
  const labels = labelsOf(host);
  return labels.length > 1 &&
    SUFFIXES.some((suffix) =>
      labels.every((label, at) => [label, "*"].includes(suffix[at] ?? ""))
    );
}

// From the right: "co.uk" gives ["uk", "co"].
function labelsOf(host: string): string[] {
  return host.split(".").reverse();
}
