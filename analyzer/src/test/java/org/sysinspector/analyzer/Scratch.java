package org.sysinspector.analyzer;
import java.nio.file.*;
public class Scratch { public static void main(String[] a) throws Exception {
 Fixture f = new Fixture(); int n=Integer.parseInt(a[1]);
 f.add("== snapshot: ts_ns, proc_key, pid, exec_no, parent_key, parent_pid, start_ns, comm, argv, cwd, exe, uid, cgroup_id, ns_pid, source\n1001ms | @1 | 1 | 1 | - | - | 1ms | systemd | [/sbin/init] | / | /usr/lib/systemd/systemd | 0 | 1 | 1 | snapshot\n1001ms | @100 | 100 | 1 | @1 | 1 | 100ms | bash | [-bash] | /src | /usr/bin/bash | 1000 | 7 | 100 | snapshot\n");
 StringBuilder fork=new StringBuilder("== fork: ts_ns, parent_key, parent_pid, parent_tid, parent_exec_no, child_key, child_pid, child_tid, is_thread, comm, uid\n");
 StringBuilder exec=new StringBuilder("== exec: ts_ns, proc_key, pid, tid, exec_no, path, exe, argv, cwd, comm, uid, euid, ret\n");
 StringBuilder exit=new StringBuilder("== exit: ts_ns, proc_key, pid, exec_no, comm, exit_code, signal, utime_ns, stime_ns, rchar, wchar, write_bytes\n");
 fork.append("2000ms|@100|100|100|1|@200|200|200|false|bash|1000\n"); exec.append("2001ms|@200|200|200|1|/usr/bin/make|/usr/bin/make|[make; -j2]|/src|make|1000|1000|0\n");
 fork.append("3000ms|@100|100|100|1|@300|300|300|false|bash|1000\n"); exec.append("3001ms|@300|300|300|1|/src/backup.sh|/usr/bin/dash|[/bin/sh; ./backup.sh]|/src|backup.sh|1000|1000|0\n");
 fork.append("3000ms|@300|300|300|1|@301|301|301|false|backup.sh|1000\n"); exec.append("3001ms|@301|301|301|1|/usr/bin/tar|/usr/bin/tar|[tar; czf; /var/backup/db.tar; /srv]|/src|tar|1000|1000|0\n");
 for(int i=0;i<412;i++){int p=1000+i; fork.append((6000+i)+"ms|@200|200|200|1|@"+p+"|"+p+"|"+p+"|false|make|1000\n"); exec.append((6001+i)+"ms|@"+p+"|"+p+"|"+p+"|1|/bin/true|/usr/bin/true|[true]|/src|true|1000|1000|0\n"); exit.append((6002+i)+"ms|@"+p+"|"+p+"|1|true|0|0|1ms|1ms|300|0|0\n");}
 f.add(fork.toString()).add(exec.toString()).add(exit.toString());
 f.add("== file: dev, ino, generation, path, file_type, since_ns, until_ns, cause, old_path, proc_key, pid, exec_no, source\n2049 | 11 | 1 | /etc/ld.so.cache | file | 2102ms | - | open | - | @300 | 300 | 2 | event\n2049 | 12 | 1 | /var/backup/db.tar | file | 2300ms | - | create | - | @301 | 301 | 1 | event\n");
 f.query("io","SELECT ts_ns, 1000+hash(ts_ns)%2000 AS latency_ns, proc_key, (proc_key&4194303)::INT pid, 1 exec_no, (proc_key&4194303)::INT tid, comm, op, dir, 3 fd, 2049 dev, ino, 1 generation, 'file' file_type, NULL file_offset, bytes, bytes ret, 1 ops FROM (SELECT 1000000000+range*(9999000000//"+n+") ts_ns, 200*4194304+200 proc_key,'make' comm, CASE WHEN range%2=0 THEN 'read' ELSE 'write' END op, CASE WHEN range%2=0 THEN 'r' ELSE 'w' END dir, 100+range%5000 ino, 4096 bytes FROM range("+n+") UNION ALL SELECT 4000000000+range*60000, 301*4194304+301, 'tar','write','w',12,65536 FROM range(20000) UNION ALL SELECT 4100000000+range*100000000, 301*4194304+301, 'tar','fsync','w',12,0 FROM range(5))");
 f.write(Path.of(a[0])); } }
