from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI(title="Parcels")


class Parcel(BaseModel):
    grams: int = Field(gt=0, le=30000)
    country: str = Field(min_length=2, max_length=2)


RATES = {"DE": 5, "FR": 9, "US": 21}


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/quote")
def quote(parcel: Parcel):
    rate = RATES.get(parcel.country)
    if rate is None:
        raise HTTPException(status_code=404, detail=f"no parcels to {parcel.country}")
    return {"cents": 300 + parcel.grams * rate // 100}
