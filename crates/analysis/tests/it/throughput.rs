use crate::common::World;
use crate::analyzers::{counter, splitter};
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throughput() {
    for disk in [false, true] {
        let mut world = if disk { World::on_disk().await } else { World::new().await };
        world.config = analysis::Config::default();
        world.provide("inproc:splitter", splitter("1.0.0")).await;
        world.provide("inproc:counter", counter("1.0.0")).await;
        let texts: Vec<_> = (0..10_000).map(|i| (format!("d{i}"), format!("w{i} x{} y{}", i / 3, i % 13_000))).collect();
        for chunk in texts.chunks(500) {
            world.put(&chunk.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
        }
        let head = world.log.head();
        let at = std::time::Instant::now();
        let cpu = || { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<_> = s.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect(); (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0 };
        let cpu0 = cpu();
        world.start();
        world.until("counter", |_| true).await;
        world.until("splitter", |_| true).await;
        world.settle().await;
        let t = at.elapsed();
        let s = world.status("splitter").await.unwrap();
        let c = world.status("counter").await.unwrap();
        println!("disk {disk}: walk {} + {} groups in {t:?}: {:.0}/s, commits {}, cpu {:.2}s", s.committed_groups, c.committed_groups, (s.committed_groups + c.committed_groups) as f64 / t.as_secs_f64(), world.log.head() - head, cpu() - cpu0);
        // live
        let head = world.log.head();
        let cpu0 = cpu();
        let at = std::time::Instant::now();
        for chunk in texts.chunks(500) {
            world.put(&chunk.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>().iter().map(|(id, text)| (*id, text.trim_end_matches('1'))).collect::<Vec<_>>()).await;
        }
        let put = at.elapsed();
        world.settle().await;
        let t = at.elapsed();
        let s2 = world.status("splitter").await.unwrap();
        let c2 = world.status("counter").await.unwrap();
        let n = s2.committed_groups + c2.committed_groups - s.committed_groups - c.committed_groups;
        println!("disk {disk}: live {n} groups in {t:?} (puts {put:?}): {:.0}/s, commits {}, cpu {:.2}s", n as f64 / t.as_secs_f64(), world.log.head() - head, cpu() - cpu0);
    }
}
