def resize(job):
    return {"width": round(job["width"] * job["by"]), "height": round(job["height"] * job["by"])}


JOBS = {"resize": resize}


def run(job):
    do = JOBS.get(job["job"])
    return do(job) if do else {"error": f"no such job: {job['job']}"}
